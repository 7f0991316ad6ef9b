import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { programFolders, runProgram } from './run-program.ts';

const made: string[] = [];
afterAll(() => made.map((folder) => rmSync(folder, { recursive: true })));

function folderWith(...programs: string[]): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kho-programs-')));
  made.push(folder);
  for (const name of programs) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho "$0 $PWD $PATH"\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

const here = folderWith();
const there = folderWith();
symlinkSync(here, join(there, 'link-to-here'));

test.each([
  ['nothing', undefined, []],
  ['no word', '', []],
  ['an absolute folder', there, [there]],
  ['an empty word at its begin', `:${there}`, [there]],
  ['an empty word at its end', `${there}:`, [there]],
  ['an empty word in between', `${there}::/usr/bin`, [there, '/usr/bin']],
  ['the current folder by a dot', `.:${there}:./`, [there]],
  ['relative folders', `bin:../bin:~/bin:${there}`, [there]],
  ['the current folder in full', `${here}:${here}/:${there}`, [there]],
  ['the current folder by a link', `${there}/link-to-here:${there}`, [there]],
  ['a folder that is not there', '/no/such/folder', ['/no/such/folder']],
  ['a folder below a file', '/etc/passwd/bin', ['/etc/passwd/bin']],
])('programFolders() of a PATH with %s', (_what, path, expected) => {
  expect(programFolders(path, here)).toEqual(expected);
});

test('runProgram() runs in /, by its full path, and hands the cleaned PATH on', () => {
  const folder = folderWith('thing');
  const run = runProgram('thing', [], { timeoutMs: 5000, environment: { PATH: `.::${folder}` }, alsoIn: ['/sbin'] });
  expect(run).toEqual({ status: 0, stdout: `${folder}/thing / ${folder}:/sbin\n`, stderr: '' });
});

test('runProgram() passes over what is no program', () => {
  const folder = folderWith('other');
  mkdirSync(join(folder, 'thing'));
  writeFileSync(join(folder, 'plain'), '#!/bin/sh\n');
  const environment = { PATH: folder };
  for (const name of ['thing', 'plain', 'missing']) {
    expect(runProgram(name, [], { timeoutMs: 5000, environment })).toBeUndefined();
  }
});

test('runProgram() takes no program of the current folder', () => {
  const folder = folderWith('thing');
  const before = process.cwd();
  process.chdir(folder);
  try {
    const environment = { PATH: `${folder}:.:` };
    expect(runProgram('thing', [], { timeoutMs: 5000, environment })).toBeUndefined();
  } finally {
    process.chdir(before);
  }
});

test('runProgram() stops what takes too long', () => {
  expect(runProgram('sleep', ['20'], { timeoutMs: 100 })).toMatchObject({ status: null });
});
