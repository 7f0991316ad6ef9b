/** A line for cron, where nothing may run all the time. Pure. */

import { KhoError } from '../errors.ts';
import { CONFIGURATIONS } from './config-forms.ts';
import type { ServiceOptions } from './unit-sandbox.ts';

const EVERY_MINUTES = 5;

export interface CronOptions extends Omit<ServiceOptions, 'group' | 'linkedFolders'> {
  /** Publish there instead of beside the packages; absolute. */
  out?: string;
}

/** @throws {KhoError} USAGE for a path that no crontab can hold */
export function cronConfig({ program, site, user, out }: CronOptions): string {
  const command = [...program, 'build', site, ...(out === undefined ? [] : ['--out', out]), '--quiet']
    .map(cronWord)
    .join(' ');
  return `# Publishes a site of Python packages every ${EVERY_MINUTES} minutes, by kho. (kho watch does so at once: kho config systemd.)
#
# Save it as ${CONFIGURATIONS.cron.savedAs}, owned by root. (In the crontab of ${user} itself, leave the user's name out.)
# Problems come by mail, to whom it may concern:
# MAILTO=packages@example.org

*/${EVERY_MINUTES} * * * *  ${user}  ${command}
`;
}

/** For the shell, and for cron, which ends a command at a bare percent sign. */
function cronWord(text: string): string {
  if (/\p{Cc}/u.test(text))
    throw new KhoError('USAGE', `Cannot write "${text}" into a crontab: it is more than one line`);
  const word = /^[\w/.:@+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  return word.replaceAll('%', '\\%');
}
