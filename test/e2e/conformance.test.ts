/**
 * Real packages from PyPI (corpus.txt), published by the bundled kho, beside what Python's own libraries read:
 * hashlib, zipfile, tarfile and packaging in the packages, pypi-simple and strict html5lib in the pages.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BuildReport } from '../../src/build-report.ts';
import { memorySource } from '../../src/formats/byte-source.ts';
import { readPackage } from '../../src/inspect/read-package.ts';
import { infoKeys, inPythonsWords, withoutEmpty } from '../support/comparable-metadata.ts';
import { ask, type OracleLink, type OraclePackage, type OraclePage } from '../support/conformance-oracle.ts';
import { type CorpusFile, copyTo, corpus } from '../support/corpus.ts';
import { runOrThrow } from '../support/run-program.ts';
import { KHO } from '../support/tools.ts';

/** Real files that no index should offer, each with its problem. All others must be listed. */
const HELD = new Map([
  ['Beaker-0.5-py2.4.egg', 'unsupported'],
  ['argparse-1.0.1.win32.msi', 'unsupported'],
  ['markdown-1.7.win32.exe', 'unsupported'],
  ['setuptools-0.6c4-1.src.rpm', 'unsupported'],
  ['zope.event-3.4.0-py2.4.egg', 'unsupported'],
  // The three below name another version than their metadata; pip drops them after it has downloaded and built them.
  ['cffi-1.0.2-2.tar.gz', 'version-mismatch'],
  ['futures-0.2.python3.tar.gz', 'version-mismatch'],
  ['html5lib-1.0-reupload.tar.gz', 'version-mismatch'],
]);

const KHO_TOML = `
[repositories.glibc]
include = ["common"]
[repositories.musl]
include = ["common"]
`;

/** Which repositories list what lies in which. */
const LISTED_IN = {
  common: ['common', 'glibc', 'musl'],
  glibc: ['glibc'],
  musl: ['musl'],
  elsewhere: ['elsewhere'],
} as const;
type Folder = keyof typeof LISTED_IN;
const REPOSITORIES = ['common', 'elsewhere', 'glibc', 'musl'] as const;

function folderOf(filename: string): Folder {
  if (/musllinux_/.test(filename)) return 'musl';
  if (/-(?:many)?linux/.test(filename)) return 'glibc';
  return filename.endsWith('.whl') && !filename.endsWith('-any.whl') ? 'elsewhere' : 'common';
}

let site: string;
let files: CorpusFile[];
let report: BuildReport;
/** By file name, of all that are to be listed. */
let packages: Map<string, OraclePackage>;
/** When each file was "uploaded", in milliseconds. */
const uploadedMs = new Map<string, number>();

beforeAll(async () => {
  files = await corpus();
  site = await mkdtemp(join(tmpdir(), 'kho-corpus-'));
  await writeFile(join(site, 'kho.toml'), KHO_TOML);
  for (const [at, file] of files.entries()) {
    const folder = join(site, folderOf(file.filename), 'packages');
    await copyTo(folder, [file]);
    const modified = Date.UTC(2020, 0, 1) + at * 3_600_123;
    uploadedMs.set(file.filename, modified);
    await utimes(join(folder, file.filename), modified / 1000, modified / 1000);
  }
  const { stdout } = await runOrThrow(process.execPath, [KHO, 'build', site, '--json']);
  report = JSON.parse(stdout) as BuildReport;
  const listed = files.filter(({ filename }) => !HELD.has(filename));
  const answers = await ask<OraclePackage>(listed.map(({ path }) => ['package', path]));
  packages = new Map(listed.map(({ filename }, at) => [filename, answers[at] as OraclePackage]));
});
afterAll(() => rm(site, { recursive: true, force: true }));

const projectsIn = (repository: string) => {
  const names = [...packages]
    .filter(([filename]) => (LISTED_IN[folderOf(filename)] as readonly string[]).includes(repository))
    .map(([, { project }]) => project);
  return [...new Set(names)].sort();
};

const filesOf = (repository: string, project: string) =>
  [...packages]
    .filter(([filename, each]) => each.project === project && isListedIn(filename, repository))
    .map(([filename]) => filename)
    .sort();

const isListedIn = (filename: string, repository: string) =>
  (LISTED_IN[folderOf(filename)] as readonly string[]).includes(repository);

test('the corpus is as wide as it should be', () => {
  expect(files.length).toBeGreaterThanOrEqual(160);
  expect(new Set(files.map(({ project }) => project)).size).toBeGreaterThanOrEqual(85);
  const kinds = [
    // biome-ignore format: short, to be read as one list
    /manylinux1_/,
    /manylinux2010_/,
    /manylinux2014_/,
    /manylinux_2_/,
    /musllinux_/,
    /armv6l/,
    /armv7l/,
    /aarch64/,
    /riscv64/,
    /macosx_/,
    /-win/,
    /-any\.whl$/,
    /abi3/,
    /cp31\dt-/,
    /-pp\d/,
    /-\d+-cp/,
    /\.tar\.gz$/,
    /\.zip$/,
    /\.tar\.bz2$/,
  ];
  for (const kind of kinds)
    expect(files.filter(({ filename }) => kind.test(filename)).length, `${kind}`).toBeGreaterThan(0);
});

test('no real file is held but those of the table, each for its reason', () => {
  const held = report.problems.map(({ file, code }) => [file.slice(file.lastIndexOf('/') + 1), code]);
  expect(Object.fromEntries(held)).toEqual(Object.fromEntries(HELD));
  expect(report.problems).toHaveLength(HELD.size);
});

test('each package reads as in Python: its metadata, its members, its name and version', async () => {
  for (const { filename, path } of files) {
    const expected = packages.get(filename);
    if (expected === undefined) continue;
    const found = await readPackage(filename, memorySource(await readFile(path)));
    expect(found.project, filename).toBe(expected.project);
    expect(found.version, filename).toBe(expected.version);
    expect(
      found.members.map(({ path, size, kind }) => [path, size, kind]),
      filename,
    ).toEqual(expected.members);
    expect(inPythonsWords({ ...found.metadata }), filename).toEqual(withoutEmpty(expected.metadata));
  }
});

test.each(REPOSITORIES)('%s: lists the right projects, in HTML and JSON alike', async (repository) => {
  const [list] = await ask<{ html: string[]; json: string[] }>([['list', join(site, repository, 'simple')]]);
  expect(list?.json).toEqual(projectsIn(repository));
  expect(list?.html).toEqual(list?.json);
});

test.each(REPOSITORIES)('%s: each page says of each file what Python reads in it', async (repository) => {
  const projects = projectsIn(repository);
  expect(projects.length).toBeGreaterThan(5);
  const pages = await ask<OraclePage>(
    projects.map((project) => {
      const folder = join(site, repository, 'simple', project);
      return ['page', project, folder, `${pathToFileURL(folder)}/`];
    }),
  );
  for (const [at, page] of pages.entries()) {
    const project = projects[at] as string;
    expect(page.project).toBe(project);
    expect(page.apiVersions).toEqual(['1.4', '1.4']);
    expect(page.html, project).toEqual(page.json);
    expect(page.json.map(({ filename }) => filename).sort()).toEqual(filesOf(repository, project));
    expect([...page.versions].sort()).toEqual(versionsOf(filesOf(repository, project)));
    for (const link of page.json) await expectRightLink(link, page);
  }
});

async function expectRightLink(link: OracleLink, page: OraclePage): Promise<void> {
  const { filename } = link;
  const expected = packages.get(filename) as OraclePackage;
  expect(link, filename).toMatchObject({
    sha256: expected.sha256,
    requiresPython: expected.metadata.requires_python ?? null,
    isYanked: false,
    metadataSha256: filename.endsWith('.whl') ? expected.metadataSha256 : null,
  });
  expect(page.sizes[filename], filename).toBe(expected.size);
  expect(page.uploadedMs[filename], filename).toBe(uploadedMs.get(filename));
  expect(fileURLToPath(link.url)).toBe(join(site, folderOf(filename), 'packages', filename));
  if (!filename.endsWith('.whl')) return;
  expect(sha256(await readFile(`${fileURLToPath(link.url)}.metadata`)), filename).toBe(expected.metadataSha256);
}

test.each(REPOSITORIES)('%s: the JSON API says what Python reads', async (repository) => {
  for (const project of projectsIn(repository)) {
    const folder = join(site, repository, 'pypi', project);
    const whole = await readJson(join(folder, 'json'));
    const filenames = filesOf(repository, project);
    expect(Object.keys(whole.releases).sort(), project).toEqual(versionsOf(filenames));
    const entries = Object.values(whole.releases).flat();
    expect(entries.map(({ filename }) => filename).sort()).toEqual(filenames);
    for (const entry of entries) {
      const expected = packages.get(entry.filename) as OraclePackage;
      expect(entry, entry.filename).toMatchObject({
        digests: { sha256: expected.sha256 },
        size: expected.size,
        packagetype: entry.filename.endsWith('.whl') ? 'bdist_wheel' : 'sdist',
        requires_python: expected.metadata.requires_python ?? null,
      });
    }
    for (const version of versionsOf(filenames)) {
      const { info, urls } = await readJson(join(folder, version, 'json'));
      const ofVersion = filenames.filter((filename) => packages.get(filename)?.version === version);
      expect(urls.map(({ filename }) => filename).sort()).toEqual(ofVersion);
      const described = ofVersion.map((filename) => infoKeys(packages.get(filename)?.metadata ?? {}));
      expect(described, `${project} ${version}`).toContainEqual(infoKeys(info));
    }
  }
});

test.each(REPOSITORIES)('%s: sha256sum finds every file whole', async (repository) => {
  const sums = join(site, repository, 'SHA256SUMS');
  await runOrThrow('sha256sum', ['--check', '--strict', '--quiet', sums], { cwd: join(site, repository) });
  const listed = (await readFile(sums, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => basename(line.slice(66)));
  expect(listed.sort()).toEqual([...packages.keys()].filter((filename) => isListedIn(filename, repository)).sort());
});

test('kho finds nothing to mend in what it published, and nothing to do in a second run', async () => {
  await runOrThrow(process.execPath, [KHO, 'check', site]);
  const { stdout } = await runOrThrow(process.execPath, [KHO, 'build', site, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ written: 0, removed: 0 });
});

interface ApiFile {
  filename: string;
}

async function readJson(path: string) {
  return JSON.parse(await readFile(path, 'utf8')) as {
    info: Record<string, unknown>;
    urls: ApiFile[];
    releases: Record<string, ApiFile[]>;
  };
}

function versionsOf(filenames: string[]): string[] {
  return [...new Set(filenames.map((filename) => packages.get(filename)?.version ?? ''))].sort();
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
