/** What is to be followed, from kho.toml and the command line. */
import { join } from 'node:path';
import { DEFAULT_KEEP, DEFAULT_PARALLEL, type RepositoryConfig, type SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { makeFolder } from '../io/disk.ts';
import { repositoryNamed } from '../needs/choose-target.ts';
import { filesOfPattern } from '../needs/files-of-pattern.ts';

export interface PullOrder {
  /** The centre's root, with name and password where it wants them. */
  url: URL;
  /** Its repository. */
  repository: string;
  into: RepositoryConfig;
  locks: { path: string; shown: string }[];
  /** Those are all that count: what only others needed may go. */
  isAll: boolean;
  for?: string[];
  pythons: string[];
  /** Absolute. */
  allowedSigners?: string;
  revokedKeys?: string;
  /** In bytes a second. */
  rate?: number;
  parallel: number;
  keep: number;
}

/** As typed. */
export interface PullWords {
  from?: string | undefined;
  repository?: string | undefined;
  into?: string | undefined;
  requirement?: string[] | undefined;
  for?: string[] | undefined;
  python?: string[] | undefined;
  allowedSigners?: string | undefined;
  /** In bytes a second. */
  rate?: number | undefined;
  parallel?: number | undefined;
}

const LOSS = 'what only those files name goes then';

/** All but where it comes from. What is typed comes before what kho.toml says. @throws {KhoError} CONFIG, USAGE, READ where it is not clear what is meant */
export function readPullOrder(config: SiteConfig, words: PullWords): Omit<PullOrder, 'url'> {
  const { root, follow } = config;
  const into = intoOf(config, words);
  // Where disks alone came so far, the line leads to whom they came from.
  const isOther = words.from !== undefined && follow?.url !== undefined && words.from !== follow.url;
  const repository = words.repository ?? (isOther ? undefined : follow?.repository) ?? into.name;
  const patterns = words.requirement ? [] : (follow?.needs ?? []);
  const locks = [
    ...(words.requirement ?? []).map((path) => ({ path, shown: shownIn(root, path) })),
    ...patterns.flatMap((pattern) =>
      filesOfPattern(root, pattern, 'needs of [follow] in kho.toml', LOSS).map((path) => ({
        ...{ path, shown: shownIn(root, path) },
      })),
    ),
  ];
  if (locks.length === 0) {
    throw new KhoError('USAGE', 'Cannot tell what to pull: nothing says which lock files', {
      hint: 'name them with -r, or as needs of [follow] in kho.toml',
    });
  }
  const signers = words.allowedSigners ?? (follow?.allowedSigners && join(root, follow.allowedSigners));
  const rate = words.rate ?? follow?.rate;
  return {
    ...{ repository, into, locks, isAll: words.requirement === undefined },
    ...(words.for && { for: words.for }),
    pythons: words.python ?? follow?.pythons ?? [],
    ...(signers !== undefined && { allowedSigners: signers }),
    ...(follow?.revokedKeys !== undefined && { revokedKeys: join(root, follow.revokedKeys) }),
    ...(rate !== undefined && { rate }),
    ...{ parallel: words.parallel ?? follow?.parallel ?? DEFAULT_PARALLEL, keep: follow?.keep ?? DEFAULT_KEEP },
  };
}

/** A repository that kho.toml names, and that has nothing yet, gets the folder that its files go to. @returns whether one was made, so that the site has to be read again. @throws {KhoError} WRITE */
export function makePackages(config: SiteConfig, into: string): boolean {
  const repository = repositoryNamed(into, config);
  if (repository.packages !== undefined) return false;
  makeFolder(join(repository.folder, 'packages'));
  return true;
}

/** Which repository here it is about. @throws {KhoError} USAGE */
export function intoOf(config: SiteConfig, words: PullWords): RepositoryConfig {
  const { repositories, follow } = config;
  const named = words.into ?? words.repository ?? follow?.into ?? follow?.repository;
  if (named !== undefined) return repositoryNamed(named, config);
  const [only, ...others] = repositories;
  if (only && others.length === 0) return only;
  throw new KhoError('USAGE', 'Cannot tell which repository is to follow the centre: the site has several', {
    hint: `say --into, or into of [follow] in kho.toml: ${repositories.map(({ name }) => name).join(', ')}`,
  });
}

/** Over the line. @throws {KhoError} USAGE */
export function centreUrl({ follow }: SiteConfig, { from }: PullWords): URL {
  const text = from ?? follow?.url;
  if (text === undefined) {
    throw new KhoError('USAGE', 'Cannot tell which site to follow', {
      hint: 'name it with --from https://packages.example.org/, or as url of [follow] in kho.toml',
    });
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new KhoError('USAGE', 'Cannot follow that: it is no address that starts with http:// or https://', {
    hint: 'name the root of a site: --from https://packages.example.org/',
  });
}

function shownIn(root: string, path: string): string {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}
