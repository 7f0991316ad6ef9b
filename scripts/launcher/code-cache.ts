/**
 * What V8 has compiled of the program, kept in the user's cache folder as Python keeps `.pyc` files: a quarter of a small build went into
 * compiling. It may be deleted any time; where it cannot be kept, nothing is said, and kho only starts slower.
 */
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } =
  process.getBuiltinModule('node:fs');
const { homedir } = process.getBuiltinModule('node:os');
const { dirname, isAbsolute, join } = process.getBuiltinModule('node:path');
const { crc32 } = process.getBuiltinModule('node:zlib');

/** Of a file's end, in bytes: V8 does not look whether code is damaged, and would crash. */
const CHECKSUM_BYTES = 4;

/**
 * Where it is kept, if anywhere: in a folder of the user's own. Code that somebody else could have written there would be run.
 *
 * @param programHash the code is of this program only
 */
export function codeCacheFile(programHash: string): string | undefined {
  try {
    const { XDG_CACHE_HOME } = process.env;
    const base = XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : join(homedir(), '.cache');
    if (!isAbsolute(base)) return undefined; // HOME may say ".", and others may upload to where one stands
    const { version, arch } = process;
    const file = join(base, 'kho', `code-${version}-${arch}-${programHash}`);
    for (let folder = dirname(file); ; folder = dirname(folder)) {
      const stat = statSync(folder, { throwIfNoEntry: false });
      if (stat) return isOnlyMine(stat) ? file : undefined;
    }
  } catch {
    return undefined; // no home
  }
}

/** So that nobody else can have put code there, and so that `sudo kho` leaves no files of root in the folders of others. */
function isOnlyMine({ uid, mode }: { uid: number; mode: number }): boolean {
  return uid === process.geteuid?.() && (mode & 0o022) === 0;
}

export function readCodeCache(file: string | undefined): Buffer | undefined {
  if (file === undefined) return undefined;
  try {
    const bytes = readFileSync(file);
    const end = bytes.length - CHECKSUM_BYTES;
    const code = bytes.subarray(0, end);
    return bytes.readUInt32LE(end) === crc32(code) ? code : undefined;
  } catch {
    return undefined; // none, or none that is whole
  }
}

/** Replaces those of other programs for this Node: of an earlier kho. */
export function writeCodeCache(file: string | undefined, code: Buffer): void {
  if (file === undefined) return;
  const folder = dirname(file);
  const temporary = `${file}.${process.pid}`;
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(code));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(temporary, Buffer.concat([code, checksum]), { flag: 'wx', mode: 0o600 });
    renameSync(temporary, file);
    const ours = `code-${process.version}-${process.arch}-`;
    for (const name of readdirSync(folder)) {
      if (name.startsWith(ours) && join(folder, name) !== file) rmSync(join(folder, name), { force: true });
    }
  } catch {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // root started kho, which acts for somebody else now: this cache is closed to him
    }
  }
}
