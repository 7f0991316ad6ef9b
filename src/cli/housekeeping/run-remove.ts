import { createInterface } from 'node:readline/promises';
import { sitePath } from '../../catalog/resolve-listing.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import { findPackages, packagesOf, type StoredPackage } from '../../housekeeping/find-packages.ts';
import { remove } from '../../housekeeping/remove.ts';
import { readSelection } from '../../housekeeping/selection.ts';
import { readManifest } from '../../publish/manifest.ts';
import { inPlaceTarget } from '../../publish/target.ts';
import { compareVersions, isPrerelease } from '../../standards/version.ts';
import { counted } from '../amounts.ts';
import { openForDoer } from '../open-for-doer.ts';
import { terminal } from '../terminal.ts';
import { type Line, printableJson } from '../text.ts';
import type { HousekeepingOptions } from './options.ts';
import { publishAfter } from './publish-after.ts';

/** What has been there for longer, lock files name. */
const SETTLED_MS = 7 * 86_400_000;

interface RemoveOptions extends HousekeepingOptions {
  reason?: string | undefined;
  yes?: true | undefined;
  force?: true | undefined;
}

/** @returns the exit code: 1 where nothing was removed, since a yank would do, or the answer was no */
export async function runRemove(what: readonly string[], options: RemoveOptions): Promise<number> {
  const selections = what.map(readSelection);
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
  if (!(await isConfirmed(found, consequences(config, found), options))) return 1;
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

/** The first that pages have shown for so long. */
function settledAmong(found: readonly StoredPackage[], config: SiteConfig, now: number): string | undefined {
  const manifest = readManifest(config.root);
  const uploaded = new Map<string, number>();
  for (const name of manifest?.projects.names() ?? [])
    for (const { repository, path, uploadedMs, problem } of manifest?.projects.get(name)?.files ?? [])
      if (uploadedMs !== undefined && !problem) uploaded.set(sitePath({ repository, path }), uploadedMs);
  return found.find(({ file }) => now - (uploaded.get(file) ?? now) > SETTLED_MS)?.file;
}

async function isConfirmed(
  found: readonly StoredPackage[],
  notes: readonly Line[],
  { yes, json }: RemoveOptions,
): Promise<boolean> {
  if (!json) terminal.say(notes);
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

/** What installers will take then. */
function consequences(config: SiteConfig, found: readonly StoredPackage[]): Line[] {
  const gone = new Set(found.map(({ full }) => full));
  return config.repositories.flatMap((repository) => {
    const all = packagesOf(repository, config);
    const projects = new Set(found.filter((file) => file.repository === repository.name).map(({ project }) => project));
    return [...projects].flatMap((project): Line[] => {
      if (project === undefined) return [];
      const newest = (files: readonly StoredPackage[]) =>
        files
          .flatMap(({ version }) => (version !== undefined && !isPrerelease(version) ? [version] : []))
          .sort(compareVersions)
          .at(-1);
      const files = all.filter((file) => file.project === project);
      const [before, after] = [newest(files), newest(files.filter(({ full }) => !gone.has(full)))];
      if (files.every(({ full }) => gone.has(full))) {
        return [
          `kho: nothing of ${project} is left in ${repository.name}: a client that asks another index too would take what that has under this name`,
        ];
      }
      return before === after || after === undefined
        ? []
        : [`kho: in ${repository.name}, installers will take ${project} ${after} instead of ${before}`];
    });
  });
}
