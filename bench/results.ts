/** What the runs cost, and what is read out of it. Pure. */
import type { Label } from './contestants.ts';
import { type Cost, median, medianCost } from './measure.ts';
import type { FileSystem } from './sites.ts';

/** All runs over one corpus on one file system. */
export interface Series {
  fileSystem: FileSystem;
  files: number;
  /** Of the packages together, in bytes. */
  bytes: number;
  /** A round is one turn of each contestant; a label with several runs in a turn has them all. */
  rounds: Map<Label, Cost[]>[];
}

export interface StartUp {
  kho: Cost[];
  node: Cost[];
}

/** Over all runs of all rounds; undefined when it did not run. */
export function costOf(series: Series, label: Label): Cost | undefined {
  const costs = series.rounds.flatMap((round) => round.get(label) ?? []);
  return costs.length === 0 ? undefined : medianCost(costs);
}

/**
 * How many times the one takes of the other: the ratio is taken within each round, then the median of all rounds.
 * A machine that is slow for a minute slows both sides of such a ratio.
 */
export function ratio(series: Series, of: Label, to: Label, measured: keyof Cost = 'wallMs'): number | undefined {
  const ratios = series.rounds.flatMap((round) => {
    const [above, below] = [round.get(of), round.get(to)];
    return above && below ? medianCost(above)[measured] / medianCost(below)[measured] : [];
  });
  return ratios.length === 0 ? undefined : median(ratios);
}

export function startUpRatio({ kho, node }: StartUp): number {
  return median(kho.map((cost, index) => cost.wallMs / node[index]!.wallMs));
}

/** The largest of kho's three kinds of run, each the median of its runs, in bytes. */
export function khoPeak(series: Series): number | undefined {
  const peaks = (['khoCold', 'khoUnchanged', 'khoAdded'] as const).flatMap(
    (label) => costOf(series, label)?.peakBytes ?? [],
  );
  return peaks.length === 0 ? undefined : Math.max(...peaks);
}
