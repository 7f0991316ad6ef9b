import { join } from 'node:path';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { FormatError, PROBLEM_HINTS, type Problem } from '../problems.ts';
import { readManifest } from '../publish/manifest.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { chooseRepositories } from './choose-repositories.ts';
import { planFor } from './destination.ts';
import { inspectIncoming, type WholeFile } from './inspect-incoming.ts';
import { findSameBytes, PackagesFolder } from './packages-folder.ts';
import { scanIncoming } from './scan-incoming.ts';
import { undecided } from './take-incoming.ts';
import type { Taken, TakeOptions } from './taking-run.ts';
import { isTombstoned } from './tombstones.ts';

/**
 * What `takeIncoming` would do with what lies in incoming/ now. Changes nothing; of a wheel that would get another name, nobody knows the
 * bytes yet, and whatever has that name is taken for other ones.
 *
 * @throws {KhoError} SITE, READ
 */
export async function previewIncoming(config: SiteConfig, options: TakeOptions): Promise<Taken> {
  const taken: Taken = { moved: [], problems: [], events: [] };
  inPlaceTarget(config);
  const scan = scanIncoming(config);
  if (!scan) return taken;
  const { whole, problems } = await inspectIncoming(scan, options);
  taken.problems.push(...scan.problems, ...problems);
  const disks = readManifest(config.root)?.disks ?? {};
  const opened = new Map<string, PackagesFolder>();
  const publishedOf = (repository: RepositoryConfig): PackagesFolder => {
    const published = opened.get(repository.name) ?? PackagesFolder.whole(repository, disks, config.ignore);
    opened.set(repository.name, published);
    return published;
  };
  for (const file of whole) {
    const { binaries } = file.facts;
    const choice = chooseRepositories({ filename: file.name, ...(binaries && { binaries }) }, config);
    if (choice.is === 'undecided') taken.problems.push(undecided(file, choice.between));
    else if (choice.is === 'for none') {
      const [verdict] = choice.verdicts.values();
      taken.events.push(refusal(file, `it ${verdict?.what}`));
    } else await takeAsIf(file, choice.repositories.map(publishedOf), taken, config.root);
  }
  return taken;
}

/** To all of its repositories, or to none. */
async function takeAsIf(file: WholeFile, into: readonly PackagesFolder[], taken: Taken, root: string): Promise<void> {
  const moves: { file: string; to: string; published: PackagesFolder; name: string }[] = [];
  for (const published of into) {
    const { repository } = published;
    const plan = planFor(file, repository);
    const name = plan?.is === 'new name' ? plan.filename : file.name;
    const sameNamed = published.named(name);
    const inTheWay = sameNamed.length > 0 ? sameNamed : published.twins({ ...file.facts, filename: name });
    if (await hasBytes(inTheWay, file)) continue;
    if (inTheWay.length > 0 && !(sameNamed.length === 1 && repository.overwrite)) {
      taken.events.push(
        refusal(file, `${inTheWay[0]?.file} holds other bytes under this name, or one that stands for it`),
      );
      return;
    }
    const hasOwnName = name === file.name && !repository.overwrite;
    if (hasOwnName && sameNamed.length === 0 && isTombstoned(root, name, file.facts.sha256, repository.name)) {
      taken.events.push(refusal(file, 'other bytes were removed under this name'));
      return;
    }
    moves.push({ file: file.file, to: published.placeFor(name).file, published, name });
  }
  for (const { to, published, name } of moves) {
    taken.moved.push({ file: file.file, to });
    published.put(name, { file: to, full: join(file.folder, file.name), size: file.facts.size }); // for those that come after it
  }
}

async function hasBytes(files: Parameters<typeof findSameBytes>[0], { facts }: WholeFile): Promise<boolean> {
  try {
    return (await findSameBytes(files, facts.size, facts.sha256)) !== undefined;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

function refusal({ file }: WholeFile, why: string): Problem {
  return { code: 'refused', file, what: `would be moved to incoming/refused/: ${why}`, hint: PROBLEM_HINTS.refused };
}
