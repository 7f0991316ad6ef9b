/**
 * What it costs all other commands that the client of buckets stands in the bundle: the bundle beside one without it, in turns.
 *
 * `npx tsx bench/sdk-start-up.ts [--times 31]`
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleKho } from '../scripts/bundle-kho.ts';
import { type Cost, measurePairs, median } from './measure.ts';
import { table } from './report.ts';

const { values } = parseArgs({ options: { times: { type: 'string', default: '31' } } });
const folder = mkdtempSync(join(tmpdir(), 'kho-bench-sdk-'));
const [withIt, without] = [join(folder, 'with.js'), join(folder, 'without.js')];

try {
  await bundleKho(withIt);
  await bundleKho(without, [
    {
      name: 'no-buckets',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^\.\/aws-sdk\.ts$/ }, ({ path }) => ({ path, namespace: 'nothing' }));
        onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'export const AWS_SDK = {};' }));
      },
    },
  ]);
  const site = join(folder, 'site');
  mkdirSync(join(site, 'glibc', 'packages'), { recursive: true });
  const rows = [['--version'], ['--help'], ['help', 'build'], ['build', site], ['list', site]].map((words) => {
    // Each keeps compiled code of its own, as it would alone.
    const run = (bundle: string) => ['env', `XDG_CACHE_HOME=${bundle}.cache`, process.execPath, bundle, ...words];
    const [a, b] = measurePairs(Number(values.times), run(withIt), run(without));
    const ratio = (what: keyof Cost) => median(a.map((cost, index) => cost[what] / b[index]![what])).toFixed(3);
    const ms = (costs: Cost[]) => `${median(costs.map(({ cpuMs }) => cpuMs)).toFixed(1)} ms`;
    return [`kho ${words[0]}`, ms(a), ms(b), ratio('cpuMs'), ratio('wallMs'), ratio('peakBytes')];
  });
  const sizes = [withIt, without].map((path) => statSync(path).size);
  console.log(
    `The bundle: ${sizes[0]} bytes, ${sizes[1]} without buckets (${(sizes[0]! - sizes[1]!) / 1000} KB more)\n`,
  );
  console.log(table(['medians', 'CPU', 'CPU without', 'ratio of CPU', 'of time', 'of memory'], rows));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
