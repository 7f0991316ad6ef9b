import { surveySite } from '../../build-site.ts';
import type { RepositoryConfig, SiteConfig } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import { findDamaged, takeDamagedAway, withoutDamaged } from '../../mirror/damaged-files.ts';
import { openNameBook } from '../../names/name-book.ts';
import { repositoryNamed } from '../../needs/choose-target.ts';
import { readLocks } from '../../prune/read-locks.ts';
import { inPlaceTarget } from '../../publish/target.ts';
import type { HousekeepingOptions } from '../housekeeping/options.ts';
import { publishAfter } from '../housekeeping/publish-after.ts';
import { failedLines } from '../lines/fetch-lines.ts';
import { mirrorLines, shownMirror } from '../lines/mirror-lines.ts';
import { undecidedLines } from '../lines/names-lines.ts';
import { openForDoer } from '../open-for-doer.ts';
import { ProgressDisplay } from '../progress.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';

interface MirrorCommandOptions extends Omit<HousekeepingOptions, 'at' | 'in'> {
  dryRun: boolean;
  verify: boolean;
  allowShrink: boolean;
}

/** @returns the exit code. @throws {KhoError} */
export async function runMirror(wanted: readonly string[], options: MirrorCommandOptions): Promise<number> {
  const { dryRun, verify, allowShrink, json } = options;
  const { config, doer } = await openForDoer(options, dryRun ? 'reads' : 'writes');
  inPlaceTarget(config);
  const repositories = chosen(wanted, config);
  const locked = await readLocks(config.root, config.locks ?? []);
  const damaged = verify ? await findDamaged(repositories, config) : [];
  if (damaged.length > 0 && !dryRun) await takeDamagedAway(config, damaged, doer);
  const survey = await surveySite(config);
  const names = openNameBook(config, withoutDamaged(survey.filesOf, damaged));
  const { HttpClient } = await import('../../fetch/http-client.ts');
  const { openIndex } = await import('../../mirror/asked-index.ts');
  const { mirrorRepository } = await import('../../mirror/mirror.ts');
  const client = new HttpClient();
  const display = new ProgressDisplay(terminal.progressOutput());
  const results = [];
  try {
    for (const repository of repositories) {
      const index = await openIndex(repository.mirror?.from, config, client, names, { now: doer.now, dryRun });
      terminal.say([`kho: asking ${index.shown} (${index.by})`]);
      const result = await mirrorRepository(repository, {
        ...{ config, survey, names, index, client, locked, doer, dryRun, damaged, allowShrink },
        onProgress: (now) => display.fetched(now),
      });
      display.clear();
      terminal.say(undecidedLines(index.source.undecided()));
      if (!json) terminal.print(mirrorLines(result, dryRun));
      terminal.say([
        ...result.notes.map((note) => `kho: ${note}`),
        ...failedLines(result.failed),
        ...result.lacking.map((each) => `kho: not to be had: ${each}`),
      ]);
      results.push(result);
    }
  } finally {
    display.clear();
    await client.close();
  }
  const hasChanged = results.some(({ brought, plan, damaged }) =>
    [brought, plan.yank, plan.unyank, plan.drop, damaged].some((some) => some.length > 0),
  );
  const published = !dryRun && hasChanged && (await publishAfter(config, options));
  if (json) terminal.stdout(printableJson({ dryRun, repositories: results.map(shownMirror), published }));
  return results.some(({ failed, lacking }) => failed.length + lacking.length > 0) ? 1 : 0;
}

/** @throws {KhoError} USAGE */
function chosen(wanted: readonly string[], config: SiteConfig): RepositoryConfig[] {
  const ordered = config.repositories.filter(({ mirror }) => mirror);
  const found = wanted.length === 0 ? ordered : wanted.map((name) => repositoryNamed(name, config));
  const without = found.find(({ mirror }) => !mirror);
  if (found.length > 0 && !without) return found;
  const what = without ? `into "${without.name}"` : `"${config.root}"`;
  throw new KhoError('USAGE', `Cannot mirror ${what}: kho.toml has no orders for it`, {
    hint: 'write [repositories.NAME.mirror] with projects = ["numpy>=2"]: docs/upstreams.md#kept-in-step',
  });
}
