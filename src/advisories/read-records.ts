/** Advisories as they are carried: a zip with a file for each (OSV's exports are such), or a folder of such files. */
import type { Stats } from 'node:fs';
import { readZipDirectory, readZipEntry } from '../formats/zip.ts';
import { look, readFile } from '../io/open-file.ts';
import { walkFiles } from '../io/walk-files.ts';
import { FormatError } from '../problems.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { withFileSource } from './file-source.ts';

/** The bytes of one record; undefined for one that cannot be read. */
export type OnRecord = (bytes: Uint8Array | undefined) => void;

/** After so many records other work of this thread gets its turn: a few milliseconds. */
const AT_ONCE = 50;

/** Each file that ends in `.json`. @throws {FormatError} for a zip that is none, or too much; an error of Node; {KhoError} READ */
export async function readRecords(path: string, onRecord: OnRecord): Promise<void> {
  const budget = new Budget(onRecord);
  if (look(path)?.isDirectory()) await readFolder(path, budget);
  else await readZip(path, budget);
}

async function readZip(path: string, budget: Budget): Promise<void> {
  await withFileSource(path, async (source) => {
    const entries = (await readZipDirectory(source)).filter((entry) => entry.kind === 'file' && isRecord(entry.path));
    for (const entry of entries) {
      budget.take(entry.size);
      await budget.tell(async () => readZipEntry(source, entry, TEXT_LIMITS.advisoryBytes));
    }
  });
}

async function readFolder(folder: string, budget: Budget): Promise<void> {
  const paths: string[] = [];
  walkFiles(folder, (path, name) => void (isRecord(name) && paths.push(path)));
  for (const path of paths.sort()) {
    const stats = look(path);
    if (!stats?.isFile()) continue; // a link may lead anywhere
    budget.take(stats.size);
    await budget.tell(async () => readOne(path, stats));
  }
}

function readOne(path: string, { size }: Stats): Buffer {
  if (size > TEXT_LIMITS.advisoryBytes) throw new FormatError('too-big', 'is too big');
  return readFile(path);
}

function isRecord(name: string): boolean {
  return name.endsWith('.json');
}

class Budget {
  readonly #onRecord: OnRecord;
  #bytes = 0;
  #records = 0;

  constructor(onRecord: OnRecord) {
    this.#onRecord = onRecord;
  }

  /** @throws {FormatError} */
  take(bytes: number): void {
    this.#bytes += Math.min(bytes, TEXT_LIMITS.advisoryBytes);
    if (this.#bytes > TEXT_LIMITS.advisoriesBytes)
      throw new FormatError('too-big', `holds more than ${TEXT_LIMITS.advisoriesBytes} bytes of advisories`);
  }

  async tell(read: () => Promise<Uint8Array>): Promise<void> {
    let bytes: Uint8Array | undefined;
    try {
      bytes = await read();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
    this.#onRecord(bytes);
    if (++this.#records % AT_ONCE === 0) await new Promise(setImmediate);
  }
}
