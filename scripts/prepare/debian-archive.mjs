import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.mjs';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Whether this machine can fetch and run what Debian has for x86_64. */
export const isDebian = () => process.arch === 'x64' && existsSync(KEYRING);

/** Where this machine's own apt gets Debian from. */
async function addressOfDebian() {
  const format = '$(COMPONENT) $(REPO_URI)';
  const { output } = await run(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages'], {
    timeoutS: 30,
  });
  const uri = /^main (\S+\/debian\/)$/m.exec(output)?.[1];
  if (uri === undefined) throw new Error('apt knows no archive of Debian: see /etc/apt/sources.list');
  return uri;
}

/** Options of apt that make it look at one suite of Debian, in a folder of its own: the machine's own lists stay as they are. */
async function aptOptions(folder, { suite, architecture = 'amd64', kind = 'deb' }) {
  for (const path of ['lists/partial', 'cache/archives/partial']) await mkdir(join(folder, path), { recursive: true });
  await writeFile(join(folder, 'status'), '');
  const source = `${kind} [signed-by=${KEYRING}] ${await addressOfDebian()} ${suite} main\n`;
  await writeFile(join(folder, 'sources.list'), source);
  const settings = {
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'Dir::State': folder,
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Acquire::Languages': 'none',
    'APT::Sandbox::User': process.getuid?.() === 0 ? 'root' : '',
  };
  return Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}

/**
 * Fetch packages of a suite of Debian into a folder, without installing anything; nobody has to be root.
 *
 * @param {string} folder is made
 * @param {{ suite: string, packages: string[], architecture?: string, kind?: 'deb' | 'deb-src' }} wanted
 * @returns {Promise<{ failed?: string, files: string[] }>} what apt said, or the files: packages, or with `deb-src` archives of source code.
 */
export async function fetchFromDebian(folder, wanted) {
  await mkdir(folder, { recursive: true });
  const options = await aptOptions(folder, wanted);
  const isSource = wanted.kind === 'deb-src';
  const words = isSource ? ['source', '--download-only', '--tar-only'] : ['download'];
  const steps = [
    ['apt-get', ...options, 'update', '-qq'],
    ['apt-get', ...options, ...words, '-qq', ...wanted.packages],
  ];
  for (const step of steps) {
    const result = await run(step, { cwd: folder, timeoutS: 300 });
    if (!result.ok) return { failed: result.output, files: [] };
  }
  const names = (await readdir(folder)).filter((name) => (isSource ? /\.orig\.tar\.\w+$/ : /\.deb$/).test(name));
  return { files: names.map((name) => join(folder, name)) };
}
