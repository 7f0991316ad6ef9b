import { join } from 'node:path';
import type { Survey } from '../build-site.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { inPlaceTarget } from '../publish/target.ts';
import type { PackageHere } from './pull-plan.ts';

/** All packages of a site that could be read, as the last look at them tells. */
export function filesHere({ names, filesOf }: Survey, config: SiteConfig): PackageHere[] {
  const { packagesOf } = inPlaceTarget(config);
  return names.flatMap((name) =>
    filesOf(name).flatMap(({ repository, path, facts }): PackageHere[] => {
      if (facts === undefined) return [];
      const filename = path.slice(path.lastIndexOf('/') + 1);
      return [{ repository, filename, sha256: facts.sha256, full: join(packagesOf(repository), path) }];
    }),
  );
}
