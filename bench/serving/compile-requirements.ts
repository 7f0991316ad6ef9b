/** How long uv takes to lock real requirements from a published site: its pages, and the metadata of what it may choose. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { venvProgram } from '../../test/support/tools.ts';
import { type Cost, measurePairs } from '../measure.ts';

/** As a project of some size has them; none is a build tool. What they need in turn is in real-packages.txt, with the versions. */
const REQUIREMENTS = [
  ...['aiohttp', 'attrs', 'black', 'celery', 'click', 'cryptography', 'fastapi', 'flask', 'httpx', 'jinja2'],
  ...['pydantic', 'pytest', 'python-dateutil', 'pyyaml', 'requests', 'rich', 'sqlalchemy', 'tqdm', 'typer', 'uvicorn'],
];

/** Servers run for weeks: kho's code is compiled by then, as nginx's is from the start. */
const WARM_UPS = 20;

/**
 * Against two servers in turns, without a cache of uv's.
 *
 * @param urls of the servers' simple APIs
 * @throws when uv cannot do it
 */
export function compilePairs(urls: readonly [string, string], times: number): [Cost[], Cost[]] {
  const folder = mkdtempSync(join(tmpdir(), 'kho-bench-uv-'));
  try {
    const requirements = join(folder, 'requirements.in');
    writeFileSync(requirements, `${REQUIREMENTS.join('\n')}\n`);
    const [a, b] = urls.map((url) => [
      venvProgram('uv', 'uv'),
      ...['pip', 'compile', '--quiet', '--no-config', '--no-cache', '--python-version', '3.11'],
      ...['--default-index', url, requirements],
    ]) as [string[], string[]];
    measurePairs(WARM_UPS, a, b);
    return measurePairs(times, a, b);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
