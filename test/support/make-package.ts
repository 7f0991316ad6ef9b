import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { makeTar, type TarMember } from './make-tar.ts';
import { makeZip, type ZipMember, type ZipOptions } from './make-zip.ts';

export interface PackageOptions {
  /** As METADATA spells it. */
  name: string;
  version: string;
  /** More lines of METADATA, for example `Requires-Python: >=3.8`. */
  metadata?: string | string[];
  /** What follows METADATA's headers. */
  description?: string;
  /** More members: path to bytes. */
  members?: Record<string, Uint8Array | string>;
}

export interface WheelOptions extends PackageOptions {
  /** `py3-none-any` unless given. */
  tag?: string;
  build?: string;
  zip?: ZipOptions;
}

export interface SdistOptions extends PackageOptions {
  /** `.tar.gz` unless given; `.tar` gives it without compression. */
  suffix?: '.tar.gz' | '.zip' | '.tar';
  /** The one folder in it; NAME-VERSION unless given. */
  folder?: string;
}

/** The file name a build tool would give it. */
export function wheelFilename({ name, version, build, tag = 'py3-none-any' }: WheelOptions): string {
  return `${[fileNamePart(name), version.replace(/-/g, '_'), ...(build ? [build] : []), tag].join('-')}.whl`;
}

export function sdistFilename({ name, version, suffix = '.tar.gz' }: SdistOptions): string {
  return `${fileNamePart(name)}-${version}${suffix}`;
}

export function metadataText({ name, version, metadata = [], description }: PackageOptions): string {
  const lines = ['Metadata-Version: 2.1', `Name: ${name}`, `Version: ${version}`, ...[metadata].flat()];
  return `${lines.join('\n')}\n${description === undefined ? '' : `\n${description}`}`;
}

/** A whole wheel: a module, METADATA, WHEEL and RECORD. The same bytes each time. */
export function makeWheel(options: WheelOptions): Uint8Array {
  return onceMade('wheel', options, () => makeZip(wheelMembers(options), options.zip));
}

/** Tests make the same few small packages thousands of times. */
const made = new Map<string, Uint8Array>();
const MOST_REMEMBERED = 500;

function onceMade(what: string, options: PackageOptions & { zip?: ZipOptions }, make: () => Uint8Array): Uint8Array {
  if (options.members || options.zip || options.description) return make();
  const key = `${what} ${JSON.stringify(options)}`;
  const bytes = made.get(key) ?? make();
  if (made.size < MOST_REMEMBERED) made.set(key, bytes);
  return Buffer.from(bytes); // a test may change its own
}

/** What `makeWheel` puts in, for tests that change some of it. */
export function wheelMembers(options: WheelOptions): ZipMember[] {
  const { name, version, tag = 'py3-none-any', build } = options;
  const folder = `${fileNamePart(name)}-${version.replace(/-/g, '_')}.dist-info`;
  const files: Record<string, Uint8Array | string> = {
    [`${fileNamePart(name).replace(/\W/g, '_')}/__init__.py`]: `"""${name} ${version}"""\n`,
    ...options.members,
    [`${folder}/METADATA`]: metadataText(options),
    [`${folder}/WHEEL`]: `Wheel-Version: 1.0\nGenerator: kho-tests\nRoot-Is-Purelib: true\n${build ? `Build: ${build}\n` : ''}${expand(tag)}`,
  };
  const record = Object.entries(files).map(
    ([path, bytes]) => `${path},sha256=${hash(bytes)},${Buffer.byteLength(bytes)}\n`,
  );
  files[`${folder}/RECORD`] = `${record.join('')}${folder}/RECORD,,\n`;
  return Object.entries(files).map(([path, bytes]) => ({ path, bytes, deflate: true }));
}

/** A whole sdist: setup.py, a module, pyproject.toml and PKG-INFO. The same bytes each time. */
export function makeSdist(options: SdistOptions): Uint8Array {
  return onceMade('sdist', options, () => {
    const members = sdistMembers(options);
    if (options.suffix === '.zip')
      return makeZip(members.map(({ path, bytes = '' }) => ({ path, bytes, deflate: true })));
    const tar = makeTar(members);
    return options.suffix === '.tar' ? tar : gzipSync(tar);
  });
}

/** What `makeSdist` puts in, for tests that change some of it. */
export function sdistMembers(options: SdistOptions): TarMember[] {
  const { name, version } = options;
  const folder = options.folder ?? `${fileNamePart(name)}-${version}`;
  const module = fileNamePart(name).replace(/\W/g, '_');
  const files: Record<string, Uint8Array | string> = {
    'PKG-INFO': metadataText(options),
    'pyproject.toml': '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n',
    'setup.py': `from setuptools import setup\nsetup(name=${JSON.stringify(name)}, version=${JSON.stringify(version)}, py_modules=["${module}"])\n`,
    [`${module}.py`]: `"""${name} ${version}"""\n`,
    ...options.members,
  };
  return [
    { path: `${folder}/`, type: '5' },
    ...Object.entries(files).map(([path, bytes]) => ({ path: `${folder}/${path}`, bytes })),
  ];
}

/** As build tools do for file names: what is no letter, digit or dot becomes `_`. */
const fileNamePart = (name: string) => name.replace(/[^\w.]+/g, '_');

const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('base64url');

/** `Tag:` lines of WHEEL, one for each combination. */
function expand(tag: string): string {
  const [python = '', abi = '', platform = ''] = tag.split('-').map((set) => set.split('.'));
  let lines = '';
  for (const x of python) for (const y of abi) for (const z of platform) lines += `Tag: ${x}-${y}-${z}\n`;
  return lines;
}
