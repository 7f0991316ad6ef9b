import type { IndexedFile, Project, Release } from '../../src/catalog/model.ts';
import { normalizeName } from '../../src/standards/name.ts';

/** A listed file, in repository `glibc` unless told otherwise. Its hash is derived from its name. */
export function makeFile(filename: string, more: Partial<IndexedFile> = {}): IndexedFile {
  const [name = '', version = ''] = filename.replace(/\.(?:tar\.gz|zip)$/, '').split('-');
  return {
    filename,
    kind: filename.endsWith('.whl') ? 'wheel' : 'sdist',
    repository: 'glibc',
    path: filename,
    name,
    version,
    sha256: Buffer.from(filename).toString('hex').padEnd(64, '0').slice(-64),
    size: 1000 + filename.length,
    uploadedMs: 1_700_000_000_000,
    signed: false,
    provenance: false,
    ...more,
  };
}

/** A project whose releases are given newest first, the first of them being the latest. */
export function makeProject(name: string, releases: Release[], more: Partial<Project> = {}): Project {
  const latest = releases[0];
  return { name: normalizeName(name), displayName: name, releases, ...(latest && { latest }), ...more };
}
