/** What `kho watch` and `kho serve` have in common. */
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { ServiceKeeper } from '../watch/service-keeper.ts';
import type { WatchEvent } from '../watch/watch-event.ts';
import { terminal } from './terminal.ts';
import { printableJson } from './text.ts';

const FORMS = ['text', 'json'] as const;
type EventForm = (typeof FORMS)[number];

/** A day: a longer time is most likely given in milliseconds. */
const MOST_SECONDS = 86_400;

export const POLL_OPTION = () =>
  new Option('--poll <seconds>', 'look through the folders that often, for disks that tell of no changes').argParser(
    parseSeconds,
  );

export const LOG_OPTION = () =>
  new Option('--log <form>', 'lines of text, or of JSON').choices(FORMS).default('text' as const);

/** Writes each event as a line to stdout: text with the time of day (UTC), or JSON. */
export async function makeLog(form: EventForm): Promise<(event: WatchEvent) => void> {
  if (form === 'json')
    return (event) => terminal.stdout(printableJson({ time: new Date().toISOString(), ...event }, 0));
  const { watchLine } = await import('./lines/watch-lines.ts');
  return (event) => terminal.print([`${new Date().toISOString().slice(11, 19)} ${watchLine(event)}`]);
}

/** After SIGTERM or SIGINT the process is gone after so long, whatever a thread or a client does; in milliseconds. */
const END_MS = 9000;
const CLOSE_STEP_MS = 10;

interface Service {
  start(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Runs it until SIGTERM or SIGINT. A second one ends the process at once.
 *
 * @throws {KhoError} what `start` throws
 */
export async function runUntilStopped(
  service: Service,
  tell: (event: WatchEvent) => void,
  keeper: ServiceKeeper,
): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    const stop = () => {
      setTimeout(() => endByForce(tell), END_MS).unref();
      resolve();
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  });
  keeper.begin();
  try {
    await Promise.race([service.start(), stopped]);
    await stopped;
    await service.close();
  } finally {
    keeper.end();
  }
  // Node waits without a limit for what is being read when it ends, and does nothing else meanwhile.
  while (isReading()) await new Promise((resolve) => setTimeout(resolve, CLOSE_STEP_MS));
}

function isReading(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}

/** `process.exit` would wait for threads, and a thread that waits for the disk in a system call never ends. */
function endByForce(tell: (event: WatchEvent) => void): void {
  tell({ event: 'error', message: 'Cannot end in time: something is being read that gives no answer; killed' });
  process.kill(process.pid, 'SIGKILL');
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && seconds > 0 && seconds <= MOST_SECONDS) return seconds;
  throw new InvalidArgumentError(`It must be a number of seconds up to ${MOST_SECONDS}.`);
}
