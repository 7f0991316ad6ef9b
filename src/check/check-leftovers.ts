import { relative } from 'node:path';
import { walkFiles } from '../io/walk-files.ts';
import { OWNED_FOLDERS } from '../publish/first-run.ts';
import { fromRoot } from '../publish/target.ts';
import { scanPackages } from '../scan/scan-packages.ts';
import type { CheckContext } from './check-context.ts';

/** What should have left with the files it told of. @param pages that belong there, from the site's root */
export function checkLeftovers(pages: ReadonlySet<string>, repository: string, context: CheckContext): void {
  const { config, target, drifts } = context;
  const folder = target.folderOf(repository);
  for (const owned of OWNED_FOLDERS) {
    walkFiles(`${folder}/${owned}`, (full, name) => {
      const path = slashes(relative(folder, full));
      if (!pages.has(fromRoot(repository, path)) && !name.startsWith('.kho-'))
        drifts.add(fromRoot(repository, path), 'is no page of the site (any more)');
    });
  }
  const packages = config.repositories.find(({ name }) => name === repository)?.packages;
  if (packages === undefined) return;
  for (const orphan of scanPackages(repository, packages).orphans) {
    drifts.add(
      fromRoot(repository, `packages/${slashes(relative(packages, orphan))}`),
      'is the metadata of a file that is gone',
    );
  }
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/');
}
