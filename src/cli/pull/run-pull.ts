import { readFileSync } from 'node:fs';
import { rateFault, readRate } from '../../config/rate.ts';
import { KhoError } from '../../errors.ts';
import { readSigners, type Signers } from '../../follow/check-signature.ts';
import { aboutClock, clockNote } from '../../follow/clock.ts';
import { holdPull } from '../../follow/hold-pull.ts';
import { Pace } from '../../follow/pace.ts';
import {
  centreUrl,
  intoOf,
  makePackages,
  type PullOrder,
  type PullWords,
  readPullOrder,
} from '../../follow/pull-order.ts';
import type { PullResult, PullRun } from '../../follow/pull-run.ts';
import { nextTime } from '../../follow/until.ts';
import { isFileLocked } from '../../prune/is-locked.ts';
import { readLocks } from '../../prune/read-locks.ts';
import { inPlaceTarget } from '../../publish/target.ts';
import { edgeReportText } from '../../sync-format/edge-report.ts';
import { pullLines, shownPull } from '../lines/pull-lines.ts';
import { openForDoer } from '../open-for-doer.ts';
import { ProgressDisplay } from '../progress.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';

/** A line of 2G carries a kilobyte a second, and is silent now and then. */
const PATIENCE = { windowMs: 120_000, bytes: 1 };
const SILENCE_MS = 60_000;

interface PullCommandOptions extends Omit<PullWords, 'rate' | 'parallel'> {
  rate?: string | undefined;
  parallel?: string | undefined;
  until?: string | undefined;
  dryRun: boolean;
  allowOlder: boolean;
  newCentre: boolean;
  site?: string | undefined;
  json?: true | undefined;
  report?: true | undefined;
  sendReport?: true | undefined;
}

/** @returns the exit code. @throws {KhoError} */
export async function runPull(options: PullCommandOptions): Promise<number> {
  const { dryRun, allowOlder, newCentre, json } = options;
  const words: PullWords = { ...options, rate: rateOf(options.rate), parallel: parallelOf(options.parallel) };
  const stop = options.until === undefined ? undefined : nextTime(options.until, Date.now());
  const { config, doer } = await openWithPackages(options, words);
  const order = { url: centreUrl(config, words), ...readPullOrder(config, words) };
  inPlaceTarget(config);
  const signers = signersOf(order);
  const locked = await readLocks(config.root, config.locks ?? []);
  const { HttpClient } = await import('../../fetch/http-client.ts');
  const { pull } = await import('../../follow/pull.ts');
  const pace = new Pace(order.rate);
  const client = new HttpClient(process.env, PATIENCE, { silenceMs: SILENCE_MS, pace: (bytes) => pace.came(bytes) });
  const display = new ProgressDisplay(terminal.progressOutput());
  const clock = clockNote(doer.now);
  terminal.say([...(signers?.notes ?? []), ...(clock === undefined ? [] : [clock])].map((note) => `kho: ${note}`));
  const signal = stop === undefined ? undefined : AbortSignal.timeout(Math.max(0, stop - Date.now()));
  try {
    const run: PullRun = {
      ...{ config, order, client, doer, dryRun, allowOlder, newCentre, crossed: () => pace.crossed },
      ...(signers && { signers }),
      ...(signal && { signal }),
      isLocked: (file) => isFileLocked(locked, file),
      onProgress: (now) => display.fetched(now),
    };
    const result = await (dryRun ? pull(run) : holdPull(config, order.into.name, () => pull(run)));
    display.clear();
    if (options.report) {
      const { edgeReport } = await import('../../follow/edge-report.ts');
      const report = await edgeReport(config, order.into.name, result.head);
      terminal.stdout(edgeReportText(report, new Date(doer.now).toISOString()));
      terminal.say(toldOf(result));
    } else {
      tell(result, { dryRun, json, crossed: pace.crossed, rate: order.rate });
    }
    const sends = options.sendReport ?? (options.from === undefined && config.follow?.report);
    if (sends && !dryRun) {
      const { sendReport } = await import('../../follow/send-report.ts');
      const why = await sendReport(config, order, result.head, { client, doer });
      if (why !== undefined) terminal.say([`kho: the centre was not told what is here: ${why}`]);
    }
    return exitCodeOf(result, dryRun);
  } catch (error) {
    display.clear();
    throw aboutClock(error, Date.now());
  } finally {
    await client.close();
  }
}

function tell(
  result: PullResult,
  { dryRun, json, ...about }: { dryRun: boolean; json: true | undefined; crossed: number; rate: number | undefined },
): void {
  if (json) terminal.stdout(printableJson({ dryRun, ...shownPull(result, about.crossed) }));
  else terminal.print(pullLines(result, dryRun, about));
  terminal.say(toldOf(result));
}

/** What has to be told of it besides. */
export function toldOf({ notes: all, locks }: Pick<PullResult, 'notes' | 'locks'>): string[] {
  return [
    ...all.map((note) => `kho: ${note}`),
    ...locks.flatMap(({ path, lacking, notes }) => [
      ...notes.map((note) => `kho: ${path}: ${note}`),
      ...lacking.map((each) => `kho: ${path} is not whole: ${each}`),
    ]),
  ];
}

/** For timers: 0 nothing is missing, 1 something is better than before, 2 nothing could be done. */
export function exitCodeOf({ locks, isBetter }: PullResult, dryRun: boolean): number {
  if (locks.every(({ lacking }) => lacking.length === 0)) return 0;
  return isBetter || dryRun ? 1 : 2;
}

/** A repository that has nothing yet gets its folder before it is looked at. */
export async function openWithPackages(
  options: Pick<PullCommandOptions, 'site' | 'json' | 'dryRun'>,
  words: PullWords,
): ReturnType<typeof openForDoer> {
  const opened = await openForDoer(options, options.dryRun ? 'reads' : 'writes');
  const isNew = !options.dryRun && makePackages(opened.config, intoOf(opened.config, words).name);
  return isNew ? openForDoer({ ...options, site: opened.config.root }, 'writes') : opened;
}

/** @throws {KhoError} READ, CONFIG */
export function signersOf({
  allowedSigners,
  revokedKeys,
}: Pick<PullOrder, 'allowedSigners' | 'revokedKeys'>): Signers | undefined {
  if (allowedSigners === undefined) return undefined;
  const read = (shown: string) => ({ text: textOf(shown), shown });
  return readSigners(read(allowedSigners), revokedKeys === undefined ? undefined : read(revokedKeys));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new KhoError('READ', `Cannot read who may sign for the centre: "${path}"`, {
      cause,
      hint: 'put the file there, or mend allowed_signers and revoked_keys of [follow] in kho.toml',
    });
  }
}

function rateOf(text: string | undefined): number | undefined {
  const fault = text === undefined ? undefined : rateFault(text);
  if (fault === undefined) return text === undefined ? undefined : readRate(text);
  throw new KhoError('USAGE', `Cannot use --rate ${text}: it ${fault}`);
}

function parallelOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-8]$/.test(text)) return Number(text);
  throw new KhoError('USAGE', `Cannot use --parallel ${text}: it must be a number from 1 to 8`);
}
