/** What benches in parts have in common: the words of their command line, and how their report comes together. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release } from 'node:os';
import { parseArgs } from 'node:util';
import { PROJECT_DIR } from '../test/support/tools.ts';
import { writeBetween } from './write-between.ts';

/** Each measures one thing, on its own, and tells it as Markdown. */
export type BenchParts = Record<string, () => Promise<string>>;

export interface BenchWords<Name extends string> {
  numbers: Record<Name, number>;
  /** All of them when absent. */
  parts?: string[];
  /** Only tell; write nothing. */
  dry: boolean;
}

/** `--part NAME`, again and again; `--dry`; and numbers. @param usual of each number, when it is left out */
export function readWords<Name extends string>(usual: Readonly<Record<Name, number>>): BenchWords<Name> {
  const names = Object.keys(usual) as Name[];
  const { values } = parseArgs({
    options: {
      part: { type: 'string', multiple: true },
      dry: { type: 'boolean', default: false },
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    },
  });
  const given: Readonly<Record<string, unknown>> = values;
  const numbers = Object.fromEntries(names.map((name) => [name, Number(given[name] ?? usual[name])]));
  return {
    numbers: numbers as Record<Name, number>,
    dry: values.dry,
    ...(values.part && { parts: values.part }),
  };
}

/**
 * Bundles kho, measures, and writes what comes of it between the marks; of a few parts alone it is only told.
 *
 * @param makes about the load, what the bench itself makes of it
 */
export async function measureInParts(
  parts: BenchParts,
  { parts: wanted, dry }: BenchWords<string>,
  marks: readonly [string, string],
  makes: string,
): Promise<void> {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: PROJECT_DIR, stdio: ['ignore', 'ignore', 'inherit'] });
  const before = loadavg()[0] ?? 0;
  const began = performance.now();
  const texts: string[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    if (wanted && !wanted.includes(name)) continue;
    console.error(`── ${name}`);
    texts.push(await measure());
  }
  const about = [
    `- ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Linux ${release()}, Node ${process.version}`,
    `- ${((performance.now() - began) / 60_000).toFixed(1)} minutes; load before ${before.toFixed(1)}, after ${(loadavg()[0] ?? 0).toFixed(1)} (${makes})`,
  ];
  const report = [about.join('\n'), ...texts].join('\n\n');
  console.log(report);
  if (!dry && !wanted) writeBetween(marks, report);
}
