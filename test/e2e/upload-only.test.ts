/** The line for rsync in docs/uploading.md, as it stands there: a key that may upload, and nothing else. upload-key.test.ts has the one for SFTP. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';
import { hasSshd, type Sshd, startSshd } from '../support/sshd.ts';
import { PROJECT_DIR } from '../support/tools.ts';

let sshd: Sshd;
let folder: string;
let packages: string;
beforeEach(async () => {
  sshd = await startSshd();
  folder = mkdtempSync(join(tmpdir(), 'kho-upload-'));
  packages = join(folder, 'site/glibc/packages');
  mkdirSync(packages, { recursive: true });
  writeFileSync(join(folder, 'foo-1.0-py3-none-any.whl'), 'wheel');
  writeFileSync(join(packages, 'old-1.0-py3-none-any.whl'), 'old');
  writeFileSync(join(packages, 'old-1.0-py3-none-any.whl.metadata'), 'metadata');
});
afterEach(async () => {
  await sshd.stop();
  rmSync(folder, { recursive: true });
});

const DOCS = readFileSync(join(PROJECT_DIR, 'docs/uploading.md'), 'utf8');

/** Let the key in with the options of the line in the docs that has this word, for this site. */
function authorize(word: string): void {
  const line = DOCS.split('\n').find((text) => text.startsWith('restrict,command=') && text.includes(word)) ?? '';
  const options = /^(.*) ssh-ed25519 /.exec(line)?.[1]?.replace('/srv/PyPI/glibc/packages', packages);
  expect(options).toContain(packages);
  const publicKey = readFileSync(`${sshd.key}.pub`, 'utf8');
  writeFileSync(`${sshd.key}.pub`, `${options} ${publicKey}`);
}

const host = () => `${sshd.user}@127.0.0.1`;
const uploaded = () => existsSync(join(packages, 'foo-1.0-py3-none-any.whl'));
const ssh = (...words: string[]) => runProgram('ssh', [...sshd.options, '-p', String(sshd.port), host(), ...words]);
describe.runIf(hasSshd)('a key for uploads', () => {
  test('by rsync lets it write into the folder, and nowhere else', async () => {
    authorize('rrsync');
    const shell = ['ssh', ...sshd.options, '-p', String(sshd.port)].join(' ');
    const rsync = (...words: string[]) => runProgram('rsync', ['-e', shell, ...words], { cwd: folder });
    expect(await rsync('-t', 'foo-1.0-py3-none-any.whl', `${host()}:`)).toMatchObject({ exitCode: 0 });
    expect(uploaded()).toBe(true);
    expect((await rsync(`${host()}:old-1.0-py3-none-any.whl`, 'stolen')).exitCode).not.toBe(0);
    expect((await rsync('-t', 'foo-1.0-py3-none-any.whl', `${host()}:../../`)).exitCode).not.toBe(0);
    expect((await rsync('-rt', '--delete', './', `${host()}:`)).exitCode).not.toBe(0);
    expect(existsSync(join(packages, 'old-1.0-py3-none-any.whl'))).toBe(true);
    expect((await ssh('id')).exitCode).not.toBe(0);
  });

  test('the rsync line that makes the folder the same leaves metadata alone', async () => {
    const line = DOCS.split('\n').find((text) => text.startsWith('rsync ') && text.includes('--delete')) ?? '';
    const [, filter = ''] = /--filter='([^']+)'/.exec(line) ?? [];
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist/new-1.0-py3-none-any.whl'), 'new');
    const shell = ['ssh', ...sshd.options, '-p', String(sshd.port)].join(' ');
    const words = ['-rt', '--delete', `--filter=${filter}`, '-e', shell, `${folder}/dist/`, `${host()}:${packages}/`];
    expect(await runProgram('rsync', words)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(existsSync(join(packages, 'new-1.0-py3-none-any.whl'))).toBe(true);
    expect(existsSync(join(packages, 'old-1.0-py3-none-any.whl'))).toBe(false);
    expect(existsSync(join(packages, 'old-1.0-py3-none-any.whl.metadata'))).toBe(true);
  });
});
