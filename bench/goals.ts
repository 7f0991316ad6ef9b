/** The goals of speed, and how far from them the last run was. */
import { costOf, khoPeak, ratio, type Series, type StartUp, startUpRatio } from './results.ts';
import type { FileSystem } from './sites.ts';

export interface Goal {
  what: string;
  must?: number;
  aim?: number;
  /** The file system is of no account. */
  once?: boolean;
  /** In the unit of `must`; undefined when it was not measured. */
  measured(results: { series: Series[]; startUp: StartUp | undefined }, fileSystem: FileSystem): number | undefined;
}

type Ratio = Parameters<typeof ratio>;

const onCorpus =
  (files: number, of: Ratio[1], to: Ratio[2]): Goal['measured'] =>
  ({ series }, fileSystem) => {
    const found = series.find((one) => one.files === files && one.fileSystem === fileSystem);
    return found && ratio(found, of, to);
  };

export const GOALS: Goal[] = [
  {
    what: 'first build of 10,000 / dumb-pypi with its JSON list and the script that makes it',
    must: 0.4,
    aim: 0.25,
    measured: onCorpus(10_000, 'khoCold', 'json'),
  },
  {
    what: 'the same / dumb-pypi with its JSON list, the script not counted',
    measured: onCorpus(10_000, 'khoCold', 'jsonAlone'),
  },
  {
    what: 'first build of 10,000 / dumb-pypi with names only',
    must: 1,
    aim: 0.65,
    measured: onCorpus(10_000, 'khoCold', 'names'),
  },
  {
    what: 'first build of 1,000 / dumb-pypi with its JSON list and script',
    must: 0.6,
    aim: 0.4,
    measured: onCorpus(1_000, 'khoCold', 'json'),
  },
  {
    what: 'nothing changed in 10,000 / dumb-pypi with its JSON list and script',
    must: 0.08,
    measured: onCorpus(10_000, 'khoUnchanged', 'json'),
  },
  {
    what: 'nothing changed in 10,000 / the same of dumb-pypi (it is told the previous list)',
    measured: onCorpus(10_000, 'khoUnchanged', 'jsonUnchanged'),
  },
  {
    what: 'one file added to 10,000 / nothing changed',
    must: 1.3,
    measured: onCorpus(10_000, 'khoAdded', 'khoUnchanged'),
  },
  {
    what: 'with pages for people, 10,000 files: until the indexes are published / a build without pages',
    must: 1.05,
    measured: onCorpus(10_000, 'khoIndexed', 'khoCold'),
  },
  {
    what: 'with pages, files a second of a first build of 10,000, in thousands (at least 1)',
    measured: ({ series }, fileSystem) => {
      const found = series.find((one) => one.files === 10_000 && one.fileSystem === fileSystem);
      const cost = found && costOf(found, 'khoPages');
      return cost && found.files / cost.wallMs;
    },
  },
  {
    what: 'with pages, nothing changed in 10,000 / the same without pages',
    measured: onCorpus(10_000, 'khoPagesUnchanged', 'khoUnchanged'),
  },
  {
    what: 'with pages, one file added to 10,000 / nothing changed',
    must: 1.3,
    measured: onCorpus(10_000, 'khoPagesAdded', 'khoPagesUnchanged'),
  },
  {
    what: 'peak memory of kho at 10,000, in MB',
    must: 160,
    aim: 120,
    measured: ({ series }, fileSystem) => {
      const found = series.find((one) => one.files === 10_000 && one.fileSystem === fileSystem);
      const peak = found && khoPeak(found);
      return peak && peak / 1e6;
    },
  },
  {
    what: 'start-up: `kho --version` / `node -e 0`',
    must: 1.5,
    aim: 1.25,
    once: true,
    measured: ({ startUp }) => startUp && startUpRatio(startUp),
  },
];

/** `0.31, must reached`; just the number for what has no goal. */
export function judge(goal: Goal, measured: number | undefined): string {
  if (measured === undefined) return 'not measured';
  const text = measured >= 10 ? measured.toFixed(0) : measured.toFixed(measured < 0.1 ? 3 : 2);
  if (goal.must === undefined) return text;
  if (measured > goal.must) return `**${text}, missed** by ${((measured / goal.must - 1) * 100).toFixed(0)} %`;
  return `${text}, ${goal.aim !== undefined && measured > goal.aim ? 'must' : goal.aim === undefined ? 'reached' : 'aim'}`;
}
