import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FOLDERS } from './pins.mjs';
import { run, seconds } from './run.mjs';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** It is unpacked again when this changes. */
const stampOf = ({ suite, packages }) => JSON.stringify([suite, packages]);

function isReady(folder, wanted) {
  const stamp = join(folder, 'ready');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf(wanted);
}

/** Where this machine's own apt gets Debian from. */
async function debianArchive() {
  const format = '$(COMPONENT) $(REPO_URI)';
  const { output } = await run(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages'], {
    timeoutS: 30,
  });
  const uri = /^main (\S+\/debian\/)$/m.exec(output)?.[1];
  if (uri === undefined) throw new Error('apt knows no archive of Debian: see /etc/apt/sources.list');
  return uri;
}

/** Options of apt that make it look at one suite of Debian, in a folder of its own: the machine's own lists stay as they are. */
async function aptOptions(folder, suite) {
  for (const path of ['lists/partial', 'cache/archives/partial']) await mkdir(join(folder, path), { recursive: true });
  await writeFile(join(folder, 'status'), '');
  await writeFile(join(folder, 'sources.list'), `deb [signed-by=${KEYRING}] ${await debianArchive()} ${suite} main\n`);
  const settings = {
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

async function unpack(folder, { suite, packages }) {
  const work = `${folder}.work`;
  await rm(work, { recursive: true, force: true });
  await mkdir(join(work, 'root'), { recursive: true });
  const options = await aptOptions(work, suite);
  const steps = [
    ['apt-get', ...options, 'update', '-qq'],
    ['apt-get', ...options, 'download', '-qq', ...packages],
  ];
  for (const step of steps) {
    const result = await run(step, { cwd: work, timeoutS: 300 });
    if (!result.ok) return result.output;
  }
  for (const name of (await readdir(work)).filter((name) => name.endsWith('.deb'))) {
    const result = await run(['dpkg', '-x', join(work, name), join(work, 'root')], { timeoutS: 60 });
    if (!result.ok) return result.output;
  }
  await rm(folder, { recursive: true, force: true });
  await rename(join(work, 'root'), folder);
  await rm(work, { recursive: true, force: true });
  return undefined;
}

/**
 * Unpack the programs of pins.mjs that come from another Debian than this one, or would start as a service if they were
 * installed, each into a folder of the cache with the libraries it needs. Nothing is installed; nobody has to be root.
 *
 * @param {string} cache
 * @returns {Promise<string[]>} what could not be had.
 */
export async function prepareDebianFolders(cache) {
  const missing = [];
  for (const wanted of FOLDERS) {
    const folder = join(cache, 'debian', wanted.name);
    if (isReady(folder, wanted)) continue;
    if (process.arch !== 'x64' || !existsSync(KEYRING)) {
      missing.push(`${wanted.name}: only Debian on x86_64 has it ready for the tests`);
      continue;
    }
    await mkdir(join(cache, 'debian'), { recursive: true });
    const started = Date.now();
    const failed = await unpack(folder, wanted);
    if (failed) missing.push(`${wanted.name}: ${failed}`);
    else {
      await writeFile(join(folder, 'ready'), stampOf(wanted));
      console.log(`Unpacked ${wanted.name} from Debian ${wanted.suite} in ${seconds((Date.now() - started) / 1000)}`);
    }
  }
  return missing;
}
