import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { GO_PROGRAMS } from './pins.mjs';
import { run, seconds } from './run.mjs';

/** From then on it fetches a newer one of itself where a program needs that. */
const LEAST_GO = [1, 21];

/** Where Go itself and Debian put it, beside PATH. */
function placesOfGo() {
  const debian = existsSync('/usr/lib') ? readdirSync('/usr/lib').filter((name) => /^go-1\.\d+$/.test(name)) : [];
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/local/go/bin',
    ...debian.map((name) => `/usr/lib/${name}/bin`),
  ];
  return folders.filter((folder) => folder !== '').map((folder) => join(folder, 'go'));
}

async function findGo() {
  for (const go of new Set(placesOfGo())) {
    if (!existsSync(go)) continue;
    const { ok, output } = await run([go, 'env', 'GOVERSION'], { timeoutS: 30 });
    const [major = 0, minor = 0] = /^go(\d+)\.(\d+)/.exec(output)?.slice(1).map(Number) ?? [];
    if (ok && (major > LEAST_GO[0] || minor >= LEAST_GO[1])) return go;
  }
  return undefined;
}

/**
 * Build the programs of pins.mjs that are written in Go, each into a folder of the cache. That takes minutes, once.
 *
 * @param {string} cache
 * @returns {Promise<string[]>} what could not be had.
 */
export async function prepareGoPrograms(cache) {
  const isReady = (program) => {
    const stamp = join(cache, 'go', program.name, 'ready');
    return existsSync(stamp) && readFileSync(stamp, 'utf8') === JSON.stringify(program);
  };
  const waiting = GO_PROGRAMS.filter((program) => !isReady(program));
  if (waiting.length === 0) return [];
  const go = await findGo();
  if (go === undefined) {
    const how = `no Go of ${LEAST_GO.join('.')} or later on this machine: unpack one from https://go.dev/dl into /usr/local`;
    return waiting.map(({ name }) => `${name}: ${how}`);
  }
  const missing = [];
  for (const program of waiting) {
    const folder = join(cache, 'go', program.name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    console.log(`Building ${program.name} ${program.version}, which takes some minutes …`);
    const words = ['install', '-trimpath', '-ldflags=-s -w', `${program.module}@${program.version}`];
    const env = { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '' };
    const result = await run([go, ...words], { timeoutS: 1500, env, cwd: folder });
    if (!result.ok) missing.push(`${program.name}: ${result.output}`);
    else {
      await writeFile(join(folder, 'ready'), JSON.stringify(program));
      console.log(`  done in ${seconds(result.seconds)}`);
    }
  }
  return missing;
}
