/** What is uploaded: wheels that are whole, the same ones on every run. */
import { execFileSync } from 'node:child_process';
import { createCipheriv, createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeWheel, wheelFilename, wheelMembers } from '../../test/support/make-package.ts';
import { makeZip } from '../../test/support/make-zip.ts';
import { BENCH_CACHE } from '../tools.ts';

export interface SmallWheel {
  project: string;
  version: string;
  filename: string;
  bytes: Uint8Array;
  /** Hexadecimal. */
  sha256: string;
}

/** With METADATA, about 40 kB: the size of the corpora of builds. */
const SMALL_NOISE = 37_500;
const DESCRIPTION = 'What it is for, and how it is used.\n'.repeat(60);

/** Files a project, as in the corpora of builds. */
const VERSIONS = 5;

/** @param series another one brings other projects */
export function smallWheels(count: number, series: string): SmallWheel[] {
  const noise = noiseOf(series);
  return Array.from({ length: count }, (_, place) => {
    const project = `upload-${series}-${Math.floor(place / VERSIONS)}`;
    const options = { name: project, version: `1.${place % VERSIONS}`, description: DESCRIPTION };
    const bytes = makeWheel({ ...options, members: { 'noise.bin': noise(SMALL_NOISE) } });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { project, version: options.version, filename: wheelFilename(options), bytes, sha256 };
  });
}

export interface BigWheel {
  project: string;
  filename: string;
  /** Absolute. */
  path: string;
  /** Hexadecimal. */
  sha256: string;
}

/** A library of a big wheel. In bytes. */
const MEMBER_BYTES = 50_000_000;

/** A wheel of several members that do not compress, such as one of a framework for neural networks has; in the cache. */
export function bigWheel(members: number): BigWheel {
  const project = `big-${members}`;
  const options = { name: project, version: '1.0' };
  const folder = join(BENCH_CACHE, 'big-wheels');
  const path = join(folder, wheelFilename(options));
  if (!existsSync(path)) {
    console.error(`Making a wheel of ${members * (MEMBER_BYTES / 1e6)} MB`);
    mkdirSync(folder, { recursive: true });
    const noise = noiseOf(project);
    const libraries = Array.from({ length: members }, (_, place) => [`library-${place}.bin`, noise(MEMBER_BYTES)]);
    const content = wheelMembers({ ...options, members: Object.fromEntries(libraries) });
    writeFileSync(`${path}.unfinished`, makeZip(content.map((member) => ({ ...member, deflate: false }))));
    renameSync(`${path}.unfinished`, path);
  }
  return { project, filename: wheelFilename(options), path, sha256: sha256Of(path) };
}

/** Reading it brings it into the page cache too, for all who upload it. */
function sha256Of(path: string): string {
  return execFileSync('sha256sum', [path], { encoding: 'utf8' }).slice(0, 64);
}

/** Bytes that nothing compresses, as many as are asked for, the same for each seed. */
function noiseOf(seed: string): (length: number) => Buffer {
  const key = createHash('sha256').update(seed).digest();
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return (length) => cipher.update(Buffer.alloc(length));
}
