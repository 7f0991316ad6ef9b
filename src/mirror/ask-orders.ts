import type { Survey } from '../build-site.ts';
import type { MirrorOrders, RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import type { NameBook } from '../names/name-book.ts';
import { chooseTargets, type InstallTarget } from '../needs/choose-target.ts';
import { filesOfPattern } from '../needs/files-of-pattern.ts';
import { readNeedsFile } from '../needs/read-needs.ts';
import { siteSource } from '../needs/site-source.ts';
import type { NormalizedName } from '../standards/name.ts';
import { parseRequirement } from '../standards/requirement.ts';
import type { AskedIndex } from './asked-index.ts';
import { mirrorSource } from './mirror-source.ts';
import { type Ordered, orderedFiles } from './ordered-files.ts';

/** Enough to fill a line, and few enough that no server minds. */
const PAGES_AT_ONCE = 8;

interface Asking {
  config: SiteConfig;
  survey: Survey;
  names: NameBook;
  index: AskedIndex;
}

/** What the orders of a repository come to, as its machines and the other index are now. @throws {KhoError} CONFIG, READ, UPSTREAM */
export async function askOrders(
  repository: RepositoryConfig,
  { config, survey, names, index }: Asking,
): Promise<Ordered> {
  const orders = repository.mirror as MirrorOrders;
  const { name } = repository;
  const targets = targetsOf(repository, orders, config, survey);
  const setting = `needs of the mirror of "${name}" in kho.toml`;
  const paths = orders.needs.flatMap((pattern) =>
    filesOfPattern(config.root, pattern, setting, 'without it, what those files name could go').map((path) => ({
      ...{ path, shown: path.startsWith(`${config.root}/`) ? path.slice(config.root.length + 1) : path },
    })),
  );
  const needs = [];
  for (const { path, shown } of paths) needs.push({ path: shown, file: await readNeedsFile(path) });
  const [target] = targets as [InstallTarget];
  await askAhead(
    orders.projects.map((text) => parseRequirement(text).name),
    index,
  );
  const ours = siteSource(target.catalog, config);
  return orderedFiles(orders, needs, targets, mirrorSource(config, ours, index.source, names));
}

/** The pages that are needed in any case: a far index answers several in the time of one. @throws {KhoError} UPSTREAM */
async function askAhead(names: readonly NormalizedName[], { source }: AskedIndex): Promise<void> {
  const waiting = [...names];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await source.candidates(name);
  };
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, worker));
}

/** At least one. @throws {KhoError} CONFIG where kho.toml does not say which */
function targetsOf(
  { name }: RepositoryConfig,
  { pythons }: MirrorOrders,
  config: SiteConfig,
  { catalogs }: Survey,
): InstallTarget[] {
  const python = pythons.length > 0 ? pythons : undefined;
  try {
    return chooseTargets(config, catalogs, { repository: name, repositoryOption: 'its name', python });
  } catch (cause) {
    if (!(cause instanceof KhoError)) throw cause;
    throw new KhoError('CONFIG', `Cannot mirror into "${name}": nothing tells for which machines`, {
      cause,
      hint: `say in kho.toml, of repositories.${name}, platforms = ["glibc-x86_64"], and of its mirror, pythons = ["3.12"]`,
    });
  }
}
