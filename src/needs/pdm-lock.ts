/**
 * pdm.lock. What `pdm sync` brings: all groups in it. As a rule it is flat, with the groups and the marker of each package; with a
 * `strategy` that leaves `inherit_metadata` out it tells only who needs whom.
 */

import { FormatError } from '../problems.ts';
import { type Marker, type MarkerEnvironment, normalizeExtra } from '../standards/marker.ts';
import type { NormalizedName } from '../standards/name.ts';
import { parseRequirement, type Requirement } from '../standards/requirement.ts';
import { type GraphEdge, packagesByName, reachable, reachedInAny } from './lock-graph.ts';
import {
  isIndexAddress,
  markerOf,
  nameOf,
  sha256sOf,
  tableOf,
  tablesOf,
  textOf,
  textsOf,
  type Values,
} from './lock-values.ts';
import { type LockedPackage, lockedFile } from './locked-file.ts';
import { pdmRequirements } from './project-demands.ts';
import { holds, type NeedsFile } from './wanted.ts';

interface Package extends LockedPackage {
  /** In their order, joined. */
  extras: string;
  marker?: Marker;
  /** Undefined when one of them cannot be read. */
  dependencies: Requirement[] | undefined;
}

/** @param project what pyproject.toml beside it says, where there is one. @throws {FormatError} `bad-metadata` */
export function readPdmLock(lock: Values, from: string, project?: Values): NeedsFile {
  const packages = tablesOf(lock['package']).map(readPackage);
  const metadata = tableOf(lock['metadata']);
  const isFlat = metadata['strategy'] === undefined || textsOf(metadata['strategy']).includes('inherit_metadata');
  const demands = isFlat || !project ? undefined : pdmRequirements(project, textsOf(metadata['groups']));
  const isGraph = demands !== undefined && packages.every(({ dependencies }) => dependencies !== undefined);
  const byName = isGraph ? packagesByName(packages) : undefined;
  const reached = (environment: MarkerEnvironment): Iterable<Package> => {
    const here = new Set(packages.filter(({ marker }) => holds(marker, [environment])));
    if (!isGraph || !byName) return here;
    const edges = (requirements: readonly Requirement[]) =>
      edgesTo(requirements, byName).filter(({ to }) => here.has(to));
    return reachable(
      edges(demands),
      ({ dependencies = [] }) => edges(dependencies),
      () => environment,
    );
  };
  const notes =
    isFlat || isGraph
      ? []
      : [
          `${from} does not tell what is for which machine, and pyproject.toml beside it ${project ? 'cannot be read for it' : 'is not there'}: all that is in it counts`,
        ];
  return lockedFile(packages, (environments) => reachedInAny(environments, reached), from, notes);
}

function readPackage(each: Values): Package {
  const version = textOf(each['version']);
  const marker = markerOf(each['marker']);
  const files = tablesOf(each['files']);
  const sha256s = sha256sOf(files.map((file) => file['hash']));
  const isLocal = files.length > 0 && files.every(({ url }) => url !== undefined && !isIndexAddress(url));
  return {
    name: nameOf(each['name']),
    isOutside: ['git', 'hg', 'svn', 'bzr', 'url', 'path'].some((key) => each[key] !== undefined) || isLocal,
    extras: extrasText(textsOf(each['extras'])),
    dependencies: readRequirements(textsOf(each['dependencies'])),
    ...(version !== undefined && { version }),
    ...(marker && { marker }),
    ...(sha256s && { sha256s }),
  };
}

function readRequirements(lines: readonly string[]): Requirement[] | undefined {
  try {
    return lines.map((line) => parseRequirement(line));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}

function extrasText(extras: readonly string[]): string {
  return [...new Set(extras.map(normalizeExtra))].sort().join();
}

/** With extras a package is in it once more, and tells what these add. */
function edgesTo(
  requirements: readonly Requirement[],
  byName: ReadonlyMap<NormalizedName, readonly Package[]>,
): GraphEdge<Package>[] {
  return requirements.flatMap(({ name, extras, marker }) => {
    const named = byName.get(name) ?? [];
    const text = extrasText(extras);
    const withThem = named.filter((each) => each.extras === text);
    return (withThem.length > 0 ? withThem : named).map((to) => ({ to, extras: [], ...(marker && { marker }) }));
  });
}
