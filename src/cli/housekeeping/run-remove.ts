import { createInterface } from 'node:readline/promises';
import { KhoError } from '../../errors.ts';
import { consequencesOf, settledAmong } from '../../housekeeping/consequences.ts';
import { findPackages } from '../../housekeeping/find-packages.ts';
import { remove } from '../../housekeeping/remove.ts';
import { readSelection } from '../../housekeeping/selection.ts';
import { inPlaceTarget } from '../../publish/target.ts';
import { counted } from '../amounts.ts';
import { openForDoer } from '../open-for-doer.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';
import { askSite, checkRemote } from './ask-site.ts';
import type { HousekeepingOptions } from './options.ts';
import { publishAfter } from './publish-after.ts';

interface RemoveOptions extends HousekeepingOptions {
  reason?: string | undefined;
  yes?: true | undefined;
  force?: true | undefined;
}

/** @returns the exit code: 1 where nothing was removed, since a yank would do, or the answer was no */
export async function runRemove(what: readonly string[], options: RemoveOptions): Promise<number> {
  const selections = what.map(readSelection);
  if (options.at !== undefined) return removeAt(what, options);
  const { config, doer } = await openForDoer(options, 'writes');
  inPlaceTarget(config);
  const found = findPackages(config, selections, options.in);
  const settled = options.force ? undefined : settledAmong(found, config, doer.now);
  if (settled !== undefined) {
    terminal.say([
      `kho: ${settled} has been published for more than 7 days: lock files of others may name it, and would fail`,
      '',
      `hint: kho yank ${what.join(' ')} lets installers pass over it; to remove it all the same, add --force`,
    ]);
    return 1;
  }
  if (!(await isConfirmed(found, consequencesOf(config, found), options))) return 1;
  const { reason } = options;
  const results = await remove(config, selections, {
    ...doer,
    ...(options.in !== undefined && { only: options.in }),
    ...(reason !== undefined && { reason }),
  });
  if (!options.json) terminal.print(results.map(({ file, to }) => `${file}: removed, and kept in ${to}`));
  const published = await publishAfter(config, options);
  if (options.json) terminal.stdout(printableJson({ files: results, published }));
  return 0;
}

/** What would go is asked first, and told; nobody changes anything meanwhile but what others do. */
async function removeAt(what: readonly string[], options: RemoveOptions): Promise<number> {
  checkRemote(options);
  const { in: only, reason, force } = options;
  const wanted = {
    what: [...what],
    ...(only !== undefined && { in: only }),
    ...(reason !== undefined && { reason }),
    ...(force && { force }),
  };
  const would = await askSite(options, 'remove', { ...wanted, dryRun: true });
  if (!(await isConfirmed(would.files, would.notes, options))) return 1;
  const { files, published } = await askSite(options, 'remove', wanted);
  if (options.json) terminal.stdout(printableJson({ files, published }));
  else {
    terminal.print(files.map(({ file, to }) => `${file}: removed, and kept in ${to}`));
    terminal.say([published ? 'kho: published' : 'kho: done, and published soon']);
  }
  return 0;
}

async function isConfirmed(
  found: readonly { file: string }[],
  notes: readonly string[],
  { yes, json }: Pick<RemoveOptions, 'yes' | 'json'>,
): Promise<boolean> {
  if (!json) terminal.say(notes.map((note) => `kho: ${note}`));
  if (yes) return true;
  if (json || !process.stdin.isTTY) {
    throw new KhoError('USAGE', `Cannot ask whether ${counted(found.length, 'file')} shall go: this is no terminal`, {
      hint: 'add --yes',
    });
  }
  terminal.say([...found.map(({ file }) => `  ${file}`)]);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(`Remove ${counted(found.length, 'file')}? [y/N] `);
  asking.close();
  return /^y(?:es)?$/i.test(answer.trim());
}
