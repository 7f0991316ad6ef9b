import { surveySite } from '../../build-site.ts';
import { CarrierDisk } from '../../carrier/carrier-disk.ts';
import { edgeNameFault } from '../../carrier/layout.ts';
import { type PackResult, pack } from '../../carrier/pack.ts';
import { isFollowed, publishedState } from '../../carrier/published-state.ts';
import type { RepositoryConfig, SiteConfig } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import { closuresOf } from '../../follow/closures.ts';
import { chooseTargets, repositoryNamed } from '../../needs/choose-target.ts';
import { filesOfPattern } from '../../needs/files-of-pattern.ts';
import { quoted } from '../../standards/quoted.ts';
import { packLines, shownPack } from '../lines/carrier-lines.ts';
import { openSite } from '../open-site.ts';
import { ProgressDisplay } from '../progress.ts';
import { chooseSite } from '../site-argument.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';
import { diskFolder } from './disk-folder.ts';

interface PackOptions {
  for: string;
  repository?: string | undefined;
  requirement?: string[] | undefined;
  platform?: string[] | undefined;
  python?: string[] | undefined;
  dryRun: boolean;
  site?: string | undefined;
  json?: true | undefined;
}

/** @returns the exit code. @throws {KhoError} */
export async function runPack(paths: readonly string[], options: PackOptions): Promise<number> {
  const { for: edge, dryRun, json } = options;
  const fault = edgeNameFault(edge);
  if (fault !== undefined) throw new KhoError('USAGE', `Cannot pack for ${quoted(edge)}: ${fault}`);
  const { config, notes } = await openSite(chooseSite(undefined, options.site), 'reads');
  const repository = followedOne(config, options.repository);
  const disks = paths.map((path) => new CarrierDisk(diskFolder(path)));
  const display = new ProgressDisplay(terminal.progressOutput());
  try {
    const { catalogs } = await surveySite(config);
    const targets = chooseTargets(config, catalogs, {
      ...{ repository: repository.name, repositoryOption: '--repository', for: options.platform },
      ...(options.python && { python: options.python }),
    });
    const state = publishedState(repository);
    const machines = targets.map(({ machine }) => machine);
    const locks = locksOf(config, options.requirement).map((path) => ({ path, shown: path }));
    const closures = await closuresOf(locks, machines, state.read);
    const result = await pack({
      ...{ config, edge, state, closures, disks, dryRun },
      onProgress: (now) => display.fetched(now),
    });
    display.clear();
    tell(result, [...notes, ...closures.flatMap(({ path, notes: some }) => some.map((note) => `${path}: ${note}`))], {
      dryRun,
      json,
    });
    return result.lacking.length === 0 ? 0 : 1;
  } finally {
    display.clear();
    for (const disk of disks) disk.close();
  }
}

function tell(result: PackResult, notes: readonly string[], { dryRun, json }: Pick<PackOptions, 'dryRun' | 'json'>) {
  if (json) terminal.stdout(printableJson({ dryRun, ...shownPack(result) }));
  else terminal.print(packLines(result, dryRun));
  terminal.say([...notes.map((note) => `kho: ${note}`), ...result.lacking.map((each) => `kho: not carried: ${each}`)]);
}

/** @throws {KhoError} USAGE */
function followedOne(config: SiteConfig, named: string | undefined): RepositoryConfig {
  if (named !== undefined) return repositoryNamed(named, config);
  const followed = config.repositories.filter(isFollowed);
  const [only, ...others] = followed;
  if (only && others.length === 0) return only;
  throw new KhoError('USAGE', `Cannot tell what to pack: ${followed.length} repositories are followed`, {
    hint: 'say --repository; what is followed has sync = true in kho.toml',
  });
}

/** @throws {KhoError} USAGE, CONFIG, READ */
function locksOf({ root, locks = [] }: SiteConfig, named: readonly string[] | undefined): readonly string[] {
  const loss = 'what those files name is carried to nobody then';
  const paths = named ?? locks.flatMap((pattern) => filesOfPattern(root, pattern, 'locks in kho.toml', loss));
  if (paths.length > 0) return paths;
  throw new KhoError('USAGE', 'Cannot tell what to pack: nothing says which lock files', {
    hint: 'name them with -r, or as locks in kho.toml',
  });
}
