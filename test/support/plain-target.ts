import { inPlaceTarget, type Target } from '../../src/publish/target.ts';

/** A site with one repository, `glibc`, published beside its packages. @param root absolute and real */
export function plainTarget(root: string): Target {
  const glibc = { name: 'glibc', folder: `${root}/glibc`, packages: `${root}/glibc/packages` };
  return inPlaceTarget({
    root,
    title: '',
    upstreams: new Map(),
    repositories: [{ ...glibc, include: [], projects: new Map() }],
  });
}

/** What makes a file one of kho's among pages for installers. */
export const INDEX_PAGE = '<!doctype html><title>index</title>';
