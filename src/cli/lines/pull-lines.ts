import type { PulledLock, PullResult } from '../../follow/pull-run.ts';
import { counted, inBytes, inSeconds } from '../amounts.ts';
import { bold, green, type Line, yellow } from '../text.ts';

export interface PullAbout {
  /** Over the line, in bytes. */
  crossed: number;
  /** In bytes a second. */
  rate: number | undefined;
}

/** What came, or would: a line for each lock file. */
export function pullLines(result: PullResult, isDryRun: boolean, { crossed, rate }: PullAbout): Line[] {
  const { into, shown, head, isNew, bytes, locks, gone, marked } = result;
  const time =
    rate !== undefined && bytes > 0 ? `, ${inSeconds((1000 * bytes) / rate)} at ${inBytes(rate)} a second` : '';
  const amount = isDryRun ? `${inBytes(bytes)} to come${time}` : `${inBytes(crossed)} came over the line`;
  return [
    [
      bold(into),
      ` follows ${shown}: ${isNew ? 'a new state' : 'nothing new there'}, counter ${head.counter}; ${amount}`,
    ],
    ...locks.map((lock) => lockLine(lock, isDryRun)),
    ...(marked > 0 ? [`  ${counted(marked, 'file')} marked as there`] : []),
    ...gone.map((filename) => `  goes ${filename}: no kept closure names it`),
  ];
}

export function lockLine({ path, files, brought, bytes, lacking, counter }: PulledLock, isDryRun: boolean): Line {
  const whole = `${counted(files, 'file')}, ${counted(brought.length, 'file')} new`;
  if (isDryRun) return ['  ', path, `: ${whole}, ${inBytes(bytes)}${lacking.length > 0 ? '; cannot be whole' : ''}`];
  if (lacking.length === 0) return ['  ', green('whole'), ` ${path}: ${whole}`];
  const before = counter === undefined ? 'nothing of it is here' : `as it was with counter ${counter}`;
  return ['  ', yellow('not whole'), ` ${path}: ${before}`];
}

/** As JSON. */
export function shownPull(result: PullResult, crossed: number): object {
  const { into, shown, head, isNew, bytes, locks, gone, marked, isBetter, isStopped, notes } = result;
  return {
    ...{ into, from: shown, repository: head.repository, counter: head.counter, isNew, bytes, crossed },
    locks: locks.map(({ counter, ...lock }) => ({
      ...lock,
      isWhole: lock.lacking.length === 0,
      counter: counter ?? null,
    })),
    ...{ gone, marked, isBetter, isStopped, notes },
  };
}
