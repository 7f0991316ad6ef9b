import { basename, join, relative } from 'node:path';
import { look } from '../io/open-file.ts';
import { walkFiles } from '../io/walk-files.ts';
import { INDEX_FOLDERS, PAGES_FOLDER, walkOwned } from '../publish/own-files.ts';
import { fromRoot } from '../publish/target.ts';
import { scanPackages } from '../scan/scan-packages.ts';
import type { CheckContext } from './check-context.ts';
import { REMOVE } from './ways-out.ts';

/** What should have left with the files it told of. @param pages that belong there, from the site's root */
export function checkLeftovers(pages: ReadonlySet<string>, repository: string, context: CheckContext): void {
  const { config, target, drifts } = context;
  const folder = target.folderOf(repository);
  const judge = (full: string) => {
    const path = slashes(relative(folder, full));
    if (!pages.has(fromRoot(repository, path)) && !basename(path).startsWith('.kho-'))
      drifts.add(fromRoot(repository, path), 'is no page of the site (any more)', REMOVE);
  };
  for (const owned of INDEX_FOLDERS) walkFiles(join(folder, owned), judge);
  walkOwned(PAGES_FOLDER, join(folder, PAGES_FOLDER), (full, isOwn) => {
    if (isOwn || config.pages !== false) judge(full); // else it is anybody's folder
  });
  const packages = target.packagesOf(repository);
  if (!look(packages)) return; // nothing but includes
  for (const orphan of scanPackages(repository, packages, { ignored: config.ignore ?? [] }).orphans) {
    drifts.add(
      fromRoot(repository, `packages/${slashes(relative(packages, orphan))}`),
      'is the metadata of a file that is gone',
    );
  }
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/');
}
