import { join } from 'node:path';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { makeFolder } from '../io/disk.ts';
import { FLUSH_ONE_BY_ONE, syncFileSystems } from '../io/flush.ts';
import { closeFolders } from '../io/reach.ts';
import type { Problem } from '../problems.ts';
import { lockSite } from '../publish/lock.ts';
import { stateFolder } from '../publish/state-folder.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { type Choice, chooseRepositories } from './choose-repositories.ts';
import { inspectIncoming, type WholeFile } from './inspect-incoming.ts';
import { leftoversInOriginals, removeLeftovers } from './leftovers.ts';
import { refuseForAll } from './refuse.ts';
import { type IncomingFile, type IncomingScan, type IncomingSide, scanIncoming } from './scan-incoming.ts';
import { takePackage } from './take-package.ts';
import { takeAlone } from './take-side.ts';
import { type Taken, type TakeOptions, TakingRun } from './taking-run.ts';

const NOTHING: IncomingScan = { folder: '', refused: '', packages: [], sides: [], problems: [], abandoned: [] };

interface Decided {
  file: WholeFile;
  choice: Exclude<Choice, { is: 'undecided' }>;
}

/**
 * Move what was dropped into incoming/ and is whole into packages/ of its repository. May be stopped anywhere: what was
 * copied and not yet removed is found published by the next run.
 *
 * @throws {KhoError} SITE, READ, LOCKED; what cannot be written is a problem of one file
 */
export async function takeIncoming(config: SiteConfig, options: TakeOptions): Promise<Taken> {
  const taken: Taken = { moved: [], problems: [], events: [] };
  closeFolders();
  inPlaceTarget(config);
  const scan = scanIncoming(config) ?? NOTHING;
  const abandoned = [...scan.abandoned, ...leftoversInOriginals(config)];
  const inspected = await inspectIncoming(scan, options);
  taken.problems.push(...scan.problems, ...inspected.problems);

  const decided: Decided[] = [];
  for (const file of inspected.whole) {
    const { binaries, sha256 } = file.facts;
    if (file.isVerified) options.onWhole?.(sha256);
    const choice = chooseRepositories({ filename: file.name, ...(binaries && { binaries }) }, config);
    if (choice.is === 'undecided') taken.problems.push(undecided(file, choice.between));
    else decided.push({ file, choice });
  }
  const here = new Set(scan.packages.map(({ folder, name }) => join(folder, name)));
  const alone = inspected.sides.filter(({ folder, of }) => !here.has(join(folder, of)));
  if (decided.length + alone.length + abandoned.length > 0) {
    makeFolder(stateFolder(config.root));
    const unlock = await lockSite(config.root, options.onWait ? { onWait: options.onWait } : {});
    try {
      removeLeftovers(abandoned);
      const run = new TakingRun(config, scan, options, taken);
      try {
        await takeAll(run, decided, inspected.sides, alone);
      } finally {
        run.placing.close();
      }
    } finally {
      unlock();
    }
  }
  taken.problems.sort((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)));
  return taken;
}

async function takeAll(
  run: TakingRun,
  decided: readonly Decided[],
  sides: readonly IncomingSide[],
  alone: readonly IncomingSide[],
): Promise<void> {
  run.isFlushed = decided.length + sides.length > FLUSH_ONE_BY_ONE && syncFileSystems([run.scan.folder]);
  for (const { file, choice } of decided) {
    const own = sides.filter((side) => side.folder === file.folder && side.of === file.name);
    await run.attempt(file, async () => {
      if (choice.is === 'for') await takePackage(run, file, own, choice.repositories);
      else await refuseForAll(run, file, own, choice.verdicts);
    });
  }
  for (const side of alone) await run.attempt(side, () => takeAlone(run, side));
  await run.finish();
}

/** Of a file that may be for any of these. */
export function undecided({ file }: IncomingFile, repositories: readonly RepositoryConfig[]): Problem {
  const folders = repositories.map(({ name }) => (name === '.' ? 'packages/' : `${name}/packages/`));
  const hint = `move it into one of ${folders.join(', ')}`;
  return { code: 'undecided', file, what: 'may be for any of several repositories', hint };
}
