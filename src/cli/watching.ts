/** What `kho watch` and `kho serve` have in common. */
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { WatchEvent } from '../watch/watch-event.ts';
import { terminal } from './terminal.ts';
import { printableJson } from './text.ts';

const FORMS = ['text', 'json'] as const;
type Form = (typeof FORMS)[number];

/** A day: a longer time is most likely given in milliseconds. */
const MOST_SECONDS = 86_400;

export const POLL_OPTION = () =>
  new Option('--poll <seconds>', 'look through the folders that often, for disks that tell of no changes').argParser(
    parseSeconds,
  );

export const LOG_OPTION = () =>
  new Option('--log <form>', 'lines of text, or of JSON').choices(FORMS).default('text' as const);

/** Writes each event as a line to stdout: text with the time of day (UTC), or JSON. */
export async function makeLog(form: Form): Promise<(event: WatchEvent) => void> {
  if (form === 'json')
    return (event) => terminal.stdout(printableJson({ time: new Date().toISOString(), ...event }, 0));
  const { watchLine } = await import('./lines/watch-lines.ts');
  return (event) => terminal.print([`${new Date().toISOString().slice(11, 19)} ${watchLine(event)}`]);
}

/** Resolves at SIGTERM or SIGINT; a second one ends the process at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && seconds > 0 && seconds <= MOST_SECONDS) return seconds;
  throw new InvalidArgumentError(`It must be a number of seconds up to ${MOST_SECONDS}.`);
}
