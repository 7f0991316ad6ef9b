import { readDuration } from './duration.ts';
import type { Settings } from './schema.ts';
import type { MirrorOrders } from './site-config.ts';

type Repositories = NonNullable<Settings['repositories']> extends Map<string, infer Each> ? Each : never;

/** All values have been checked. */
export function readMirrorOrders(written: NonNullable<Repositories['mirror']>): MirrorOrders {
  const { from, projects, needs, pythons, releases, dependencies, sdists, prereleases, remove_after } = written;
  const removeAfterMs = remove_after === undefined ? undefined : readDuration(remove_after);
  return {
    ...(from !== undefined && { from }),
    ...{ projects: projects ?? [], needs: needs ?? [], pythons: pythons ?? [] },
    ...{ releases: releases ?? 1, dependencies: dependencies ?? true },
    ...{ sdists: sdists ?? false, prereleases: prereleases ?? false },
    ...(removeAfterMs !== undefined && { removeAfterMs }),
  };
}
