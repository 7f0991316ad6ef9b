import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { WatchEvent } from '../../watch/watch-site.ts';
import { chooseSite, SITE_ARGUMENT, SITE_OPTION } from '../site-argument.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';

const FORMS = ['text', 'json'] as const;
type Form = (typeof FORMS)[number];

/** A day: a longer time is most likely given in milliseconds. */
const MOST_SECONDS = 86_400;

export const watch = new Command('watch')
  .summary('keep a site published: what is dropped into its folders is listed by itself')
  .description(
    'Build a site, then stay and publish whatever is copied into its folders, or removed, as soon as it is whole.',
  )
  .argument(...SITE_ARGUMENT)
  .option(...SITE_OPTION)
  .option('--poll <seconds>', 'look through the folders that often, for disks that tell of no changes', parseSeconds)
  .addOption(new Option('--log <form>', 'lines of text, or of JSON').choices(FORMS).default('text' as Form))
  .action(async (site, options) => {
    const { loadSite } = await import('../../config/load-config.ts');
    const { SiteWatcher } = await import('../../watch/watch-site.ts');
    const { config, notes } = await loadSite(chooseSite(site, options.site));
    if (options.log === 'text') terminal.say(notes.map((note) => `kho: ${note}`));
    const tell = await makeLog(options.log);
    const watcher = new SiteWatcher(config.root, {
      ...(options.poll !== undefined && { pollSeconds: options.poll }),
      onEvent: tell,
    });
    const ended = untilStopped();
    process.on('SIGHUP', () => watcher.rescan());
    await watcher.start();
    await ended;
    await watcher.close();
  });

/** Writes each event as a line to stdout: text with the time, or JSON. */
export async function makeLog(form: Form): Promise<(event: WatchEvent) => void> {
  if (form === 'json')
    return (event) => terminal.stdout(printableJson({ time: new Date().toISOString(), ...event }, 0));
  const { watchLine } = await import('../lines/watch-lines.ts');
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
