/**
 * `npm run simulate -- [--seeds N] [--from X] [--seed X] [--breaks [WORD]]`: lives of a bucket, drawn from seeds (test/support/bucket-simulation/).
 *
 * With `--seed X` it tells every request of that one. With `--breaks` it breaks the code that publishes in the ways of test/breaks/buckets.ts, one at a time,
 * and says how many of the seeds find it.
 */
import { parseArgs } from 'node:util';
import { SIMULATED_BREAKS } from '../test/breaks/buckets.ts';
import { bundleSimulation } from '../test/support/bucket-simulation/bundle.ts';
import type { SimulationResult, simulate } from '../test/support/bucket-simulation/simulate.ts';

const { values, positionals } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    breaks: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

if (values.seed !== undefined) {
  const run = await bundleSimulation();
  const { fault } = await run(Number(values.seed), { trace: (line) => console.log(line) });
  console.log(fault === undefined ? 'fine' : `${fault.invariant}: ${fault.what}`);
  process.exitCode = fault === undefined ? 0 : 1;
} else if (values.breaks) {
  await measureBreaks(Number(values.seeds ?? 1000));
} else {
  const from = Number(values.from);
  const failures = await runSeeds(await bundleSimulation(), from, Number(values.seeds ?? 5000), (result) =>
    console.log(`${result.fault!.invariant}: ${result.fault!.what}\n    npm run simulate -- --seed ${result.seed}`),
  );
  process.exitCode = failures.length > 0 ? 1 : 0;
}

async function runSeeds(
  run: typeof simulate,
  from: number,
  count: number,
  onFailure: (result: SimulationResult) => void = () => {},
): Promise<SimulationResult[]> {
  const failures: SimulationResult[] = [];
  const before = process.cpuUsage();
  let pushes = 0;
  let requests = 0;
  for (let seed = from; seed < from + count; seed++) {
    const result = await run(seed);
    pushes += result.pushes;
    requests += result.requests;
    if (result.fault === undefined) continue;
    failures.push(result);
    onFailure(result);
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = ((user + system) / 1e6).toFixed(1);
  console.log(
    `${count} seeds, ${pushes} pushes, ${requests} requests: ${failures.length} failed (${seconds} s of a processor)`,
  );
  return failures;
}

async function measureBreaks(count: number): Promise<void> {
  for (const each of SIMULATED_BREAKS) {
    if (positionals.length > 0 && !positionals.some((word) => each.what.includes(word))) continue;
    const failures = await runSeeds(await bundleSimulation(each), Number(values.from), count);
    const byInvariant = new Map<string, number>();
    for (const { fault } of failures) byInvariant.set(fault!.invariant, (byInvariant.get(fault!.invariant) ?? 0) + 1);
    const found = [...byInvariant].map(([invariant, times]) => `${invariant} ${times}`).join(', ');
    console.log(`${failures.length > 0 ? '✓' : '✗'} ${each.what}: ${failures.length} of ${count} (${found})`);
    if (failures.length === 0) process.exitCode = 1;
  }
}
