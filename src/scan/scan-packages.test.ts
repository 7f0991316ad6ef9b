import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scanPackages } from './scan-packages.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'kho-scan-')));
  mkdirSync(join(folder, 'packages'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(...paths: string[]) {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, 'packages', path)), { recursive: true });
    writeFileSync(join(folder, 'packages', path), 'content');
  }
}
const scan = () => scanPackages('glibc', join(folder, 'packages'));
const paths = () => scan().files.map((file) => file.path);
const problems = () => scan().problems.map(({ file, code }) => [file, code]);

test('scanPackages() finds packages in sub-folders too, in a fixed order', () => {
  put('b-1.tar.gz', 'a-1-py3-none-any.whl', 'sub/deep/c-1.zip', 'd-1.tgz', 'e-1.tar.bz2', 'f-1.tar.xz');
  expect(paths()).toEqual([
    'a-1-py3-none-any.whl',
    'b-1.tar.gz',
    'd-1.tgz',
    'e-1.tar.bz2',
    'f-1.tar.xz',
    'sub/deep/c-1.zip',
  ]);
  expect(problems()).toEqual([]);
});

test.each([
  '.a-1-py3-none-any.whl.Xy12ab', // rsync
  'a-1-py3-none-any.whl.filepart', // WinSCP
  'a-1-py3-none-any.whl.part',
  'a-1-py3-none-any.whl.lftp-pget-status',
  'a-1-py3-none-any.whl.crdownload',
  '.in.a-1-py3-none-any.whl.', // lftp
  'a-1.tar.gz~',
  '.DS_Store',
  'Thumbs.db',
  'lost+found/a-1-py3-none-any.whl',
  'sub/@eaDir/a-1-py3-none-any.whl',
  '#recycle/a-1-py3-none-any.whl',
  '@Recycle/sub/a-1-py3-none-any.whl',
  '.Trash-1000/files/a-1-py3-none-any.whl',
  '$RECYCLE.BIN/a-1-py3-none-any.whl',
  'System Volume Information/README.txt',
])('scanPackages() passes over %s without a word: it is not whole, or nobody meant it', (name) => {
  put(name);
  expect(scan()).toMatchObject({ files: [], problems: [] });
});

test.each([
  ['README.txt', 'not-a-package'],
  ['foo.metadata', 'not-a-package'],
  ['a-1-py2.7.egg', 'unsupported'],
  ['a-1.win32.exe', 'unsupported'],
  ['a\nb-1-py3-none-any.whl', 'bad-filename'],
])('scanPackages() reports %j as %s', (name, code) => {
  put(name);
  expect(paths()).toEqual([]);
  expect(problems()).toEqual([[`glibc/packages/${name}`, code]]);
});

test('scanPackages() reports a name that is not UTF-8', () => {
  writeFileSync(
    Buffer.concat([Buffer.from(join(folder, 'packages', 'a')), Buffer.from([0xff]), Buffer.from('-1.tar.gz')]),
    '',
  );
  expect(problems()).toEqual([['glibc/packages/a\ufffd-1.tar.gz', 'bad-filename']]);
});

test('scanPackages() puts side-files with their package, and finds metadata that lost its own', () => {
  put('a-1.zip', 'a-1.zip.yanked', 'a-1.zip.asc', 'a-1.zip.metadata', 'gone-1.zip.metadata', 'gone-1.zip.asc');
  const { files, orphans, problems: faults } = scan();
  expect(files.map((file) => [file.path, Object.keys(file.sideFiles).sort()])).toEqual([
    ['a-1.zip', ['asc', 'metadata', 'yanked']],
  ]);
  expect(orphans).toEqual([join(folder, 'packages', 'gone-1.zip.metadata')]);
  expect(faults).toEqual([]);
});

test('scanPackages() reports a yank of nothing, once its package had time to come', () => {
  put('a-1.zip', 'a-1.zip.yanked', 'sub/slip-1.zip.yanked', 'gone-1.zip.asc', 'held-1.zip.yanked');
  symlinkSync('nowhere', join(folder, 'packages', 'held-1.zip'));
  const yanks = (now: number) =>
    scanPackages('glibc', join(folder, 'packages'), { now }).problems.filter(({ file }) => file.endsWith('.yanked'));
  expect(yanks(Date.now())).toEqual([]);
  expect(yanks(Date.now() + 61_000)).toMatchObject([
    { code: 'not-a-package', file: 'glibc/packages/sub/slip-1.zip.yanked', hint: expect.stringContaining('name it') },
  ]);
});

test('scanPackages() follows links inside packages/, and refuses those that lead out of it or nowhere', () => {
  put('real/a-1.zip');
  writeFileSync(join(folder, 'secret-1.zip'), 'outside');
  symlinkSync('real/a-1.zip', join(folder, 'packages', 'b-1.zip'));
  symlinkSync('../secret-1.zip', join(folder, 'packages', 'c-1.zip'));
  symlinkSync('nowhere', join(folder, 'packages', 'd-1.zip'));
  symlinkSync('..', join(folder, 'packages', 'up'));
  symlinkSync('.', join(folder, 'packages', 'loop'));
  expect(paths()).toEqual(['b-1.zip', 'real/a-1.zip']);
  expect(problems()).toEqual([
    ['glibc/packages/c-1.zip', 'link-outside'],
    ['glibc/packages/d-1.zip', 'link-outside'],
    ['glibc/packages/up', 'link-outside'],
  ]);
});

test('scanPackages() passes over names that kho.toml says too', () => {
  put('old/a-1-py3-none-any.whl', 'b-1.zip', 'notes.txt', 'sub/c-1-debug.zip');
  const { files, problems: faults } = scanPackages('glibc', join(folder, 'packages'), {
    ignored: ['old', '*.txt', '*-debug.*'],
  });
  expect([files.map(({ path }) => path), faults]).toEqual([['b-1.zip'], []]);
});

test('scanPackages() stops the run when the folder cannot be listed', () => {
  expect(() => scanPackages('glibc', join(folder, 'missing'))).toThrow('Cannot list');
});

test('scanPackages() says what to do with a folder that lies deeper than the system can look', () => {
  const from = process.cwd();
  try {
    process.chdir(join(folder, 'packages'));
    for (let depth = 0; depth < 25; depth++) {
      mkdirSync('d'.repeat(200));
      process.chdir('d'.repeat(200));
    }
    const hint = expect.stringContaining('move what is in this folder further up');
    expect(scan().problems).toEqual([expect.objectContaining({ code: 'bad-filename', what: 'lies too deep', hint })]);
  } finally {
    process.chdir(from);
    execFileSync('rm', ['-r', join(folder, 'packages')]); // Node cannot
  }
});
