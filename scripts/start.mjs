/**
 * `npm start`, from a fresh clone on: real packages from PyPI become a site, and a real pip installs from it.
 *
 *   node scripts/start.mjs          keeps serving until Ctrl-C
 *   node scripts/start.mjs --once   ends after the install; exit code 0 if all went well
 */
import { copyFile, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadPackages } from './demo/download.mjs';
import { makeEnvironment, runOrThrow } from './demo/environment.mjs';
import { demoPackages, HOST, INSTALLED } from './demo/packages.mjs';
import { say } from './demo/say.mjs';
import { serveSite } from './demo/serve.mjs';
import { prepareNpmPackages } from './prepare/npm-packages.mjs';
import { seconds } from './prepare/run.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const DEMO = join(PROJECT, '.cache', 'demo');
const SITE = join(DEMO, 'site');
const VENV = join(DEMO, 'venv');
const KHO = join(PROJECT, 'dist', 'kho.js');

const KHO_TOML = `title = "A demo of kho"

# Wheels differ with the machine; sdists and pure wheels are kept once, in common.
${['armhf', 'glibc', 'musl', HOST]
  .filter((name, at, all) => all.indexOf(name) === at)
  .map((name) => `[repositories.${name}]\ninclude = ["common"]\n`)
  .join('\n')}`;

/** Nothing of this machine's settings: pip knows no index but kho's. */
function emptiedEnvironment(home) {
  return {
    HOME: home,
    PATH: '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    TMPDIR: home,
    PIP_CONFIG_FILE: '/dev/null',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
  };
}

/** Take the first wheel that will be installed out of its folder, so that it can come in later. An earlier demo may have ended before it did. */
async function holdBack() {
  const folder = join(SITE, HOST, 'packages');
  const isIt = (file) => file.startsWith(`${INSTALLED[0]}-`) && file.endsWith('.whl');
  const name = (await readdir(folder)).find(isIt) ?? (await readdir(DEMO)).find(isIt);
  const kept = join(DEMO, name);
  await rename(join(folder, name), kept).catch(() => {});
  return { folder, name, kept };
}

async function install(python, index) {
  const home = await mkdtemp(join(tmpdir(), 'kho-demo-'));
  try {
    const env = emptiedEnvironment(home);
    await runOrThrow([python, '-m', 'pip', 'install', '--index-url', index, ...INSTALLED], { env });
    const modules = INSTALLED.join(', ');
    const code = `import ${modules}\nfor m in (${modules}): print(m.__name__, m.__version__, m.__file__)`;
    const { output } = await runOrThrow([python, '-c', code], { env });
    return output.split('\n').map((line) => line.split(' '));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function demo() {
  await prepareNpmPackages(PROJECT);
  say.step('Real packages, downloaded with pip (the first time takes a little)');
  const [environment] = await Promise.all([
    makeEnvironment(VENV),
    runOrThrow([join(PROJECT, 'node_modules', '.bin', 'tsx'), 'scripts/bundle.ts']),
  ]);
  const { python, pip } = environment;
  const isNew = await downloadPackages(SITE, environment, demoPackages());
  await writeFile(join(SITE, 'kho.toml'), KHO_TOML);
  say.detail(
    `${isNew ? 'Downloaded' : 'Here already:'} wheels for glibc, musl and 32-bit ARM, pure wheels, and an sdist`,
  );

  say.step('kho turns the folders into indexes');
  const site = relative(process.cwd(), SITE);
  say.command(`node ${relative(process.cwd(), KHO)} build ${site}`);
  say.detail((await runOrThrow([process.execPath, KHO, 'build', SITE])).output);

  const late = await holdBack();
  const server = await serveSite(KHO, SITE);
  say.step('It serves them, and watches the folders: a wheel is copied in while it runs');
  say.command(`node ${relative(process.cwd(), KHO)} serve ${site} --port 0`);
  say.command(`cp ${late.name} ${relative(process.cwd(), late.folder)}/`);
  const listed = server.until(
    ({ event, became, file }) => event === 'file' && became === 'listed' && file.endsWith(late.name),
  );
  await copyFile(late.kept, join(late.folder, late.name));
  const copied = Date.now();
  // A file that was found by a look through the folders, not by its events, is listed without its time.
  const { project, version: release, tookMs = Date.now() - copied } = await listed;
  say.detail(`${project} ${release} is listed ${(tookMs / 1000).toFixed(2)} s after its last byte`);

  const index = `${server.url}/${HOST}/simple/`;
  say.step(`pip ${pip} installs from the one for this machine, and from nowhere else`);
  say.command(`pip install --index-url ${index} ${INSTALLED.join(' ')}`);
  const installed = await install(python, index);
  for (const [name, number, file] of installed)
    say.detail(`import ${name.padEnd(8)} ${number.padEnd(7)} ${relative(VENV, file)}`);
  const count = (pattern) => server.targets.filter((target) => pattern.test(target)).length;
  say.detail(
    `asked for ${count(/\/simple\/.*\/$/)} pages, ${count(/\.metadata$/)} metadata files, ${count(/\.whl$/)} wheels`,
  );
  return { server, index, installed };
}

const started = Date.now();
try {
  const { server, index, installed } = await demo();
  say.done(`Real packages, published by kho, installed by a real pip, in ${seconds((Date.now() - started) / 1000)}`);
  if (process.argv.includes('--once')) {
    server.close();
  } else {
    // Ctrl-C is now the ordinary way out; what run.mjs would end has ended.
    process.removeAllListeners('SIGINT').once('SIGINT', () => {
      console.log();
      server.close();
    });
    say.step('Still serving: look around, and press Ctrl-C to stop');
    say.detail(`the pages for people: ${server.url}/`);
    say.detail(`one of a project:     ${server.url}/${HOST}/project/${installed[0][0]}/`);
    say.command(`pip download --index-url ${index} ${installed[0][0]}`);
  }
} catch (error) {
  say.failed(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
