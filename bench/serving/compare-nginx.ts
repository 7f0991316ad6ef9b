/** kho's own server and nginx, over the same published files, in turns. */
import { median } from '../measure.ts';
import { measureLoad, type Sample, type Workload } from './load.ts';
import type { MeasuredServer } from './servers.ts';

/** At least so many of nginx's requests in a second. */
const GOAL = 0.7;

export const HEAD = [
  '',
  'nginx, requests/s',
  'kho, requests/s',
  'kho / nginx',
  `goal ≥ ${GOAL.toFixed(2)}`,
  'nginx, CPU µs a request',
  'kho, CPU µs a request',
];

/** A row of the table for each workload. The two take turns, and change who goes first. */
export async function compareWithNginx(
  nginx: MeasuredServer,
  kho: MeasuredServer,
  workloads: readonly Workload[],
  { pairs, seconds }: { pairs: number; seconds: number },
): Promise<string[][]> {
  const rows: string[][] = [];
  for (const workload of workloads) {
    for (const server of [nginx, kho]) await measureLoad(server, workload, 1);
    const samples: [Sample, Sample][] = [];
    for (let pair = 0; pair < pairs; pair++) {
      console.error(`${workload.name}: pair ${pair + 1} of ${pairs}`);
      const order = pair % 2 === 0 ? [nginx, kho] : [kho, nginx];
      const [first, second] = [
        await measureLoad(order[0]!, workload, seconds),
        await measureLoad(order[1]!, workload, seconds),
      ];
      samples.push(pair % 2 === 0 ? [first, second] : [second, first]);
    }
    rows.push(row(workload, samples));
  }
  return rows;
}

function row({ name }: Workload, samples: [Sample, Sample][]): string[] {
  const of = (read: (pair: [Sample, Sample]) => number) => median(samples.map(read));
  const ratio = of(([nginx, kho]) => kho.requestsPerSecond / nginx.requestsPerSecond);
  return [
    name,
    of(([nginx]) => nginx.requestsPerSecond).toFixed(0),
    of(([, kho]) => kho.requestsPerSecond).toFixed(0),
    ratio.toFixed(2),
    ratio >= GOAL ? 'reached' : 'missed',
    of(([nginx]) => nginx.cpuUs).toFixed(0),
    of(([, kho]) => kho.cpuUs).toFixed(0),
  ];
}
