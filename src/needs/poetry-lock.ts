/**
 * poetry.lock. From Poetry 2 on it is flat, with the groups and markers of each package; before, it tells only who needs whom,
 * and what nobody in it needs is a root. What `poetry install` brings: all groups, and no extras.
 */
import type { Marker } from '../standards/marker.ts';
import type { NormalizedName } from '../standards/name.ts';
import { type GraphEdge, packagesByName, reachable } from './lock-graph.ts';
import { markerOf, nameOf, sha256sOf, tableOf, tablesOf, textOf, textsOf, type Values } from './lock-values.ts';
import { holds, type NeedsFile, NO_OPTIONS, noNeeds } from './wanted.ts';

interface Package {
  name: NormalizedName;
  version: string;
  isOptional: boolean;
  isOutside: boolean;
  /** One of them must hold; none when there is no condition. */
  markers: Marker[];
  values: Values;
}

/** @throws {FormatError} `bad-metadata` */
export function readPoetryLock(lock: Values, from: string): NeedsFile {
  const packages = tablesOf(lock['package']).map((values): Package => {
    const source = textOf(tableOf(values['source'])['type']);
    return {
      ...{
        name: nameOf(values['name']),
        version: textOf(values['version']) ?? '',
        markers: readMarkers(values['markers']),
      },
      ...{ isOptional: values['optional'] === true, values },
      isOutside: source !== undefined && source !== 'legacy',
    };
  });
  const isFlat = packages.some(({ values }) => values['groups'] !== undefined);
  const needed = packages.filter(({ isOptional }) => !isOptional);
  const byName = isFlat ? new Map<NormalizedName, Package[]>() : packagesByName(packages);
  return {
    isLocked: true,
    options: NO_OPTIONS,
    needsOf(environments) {
      const needs = noNeeds();
      const reached = isFlat
        ? new Set(
            needed.filter(
              ({ markers }) => markers.length === 0 || markers.some((marker) => holds(marker, environments)),
            ),
          )
        : reachable(rootsOf(needed), (node, extra) => edgesOf(node, extra, byName), environments);
      for (const each of needed.filter((one) => reached.has(one))) {
        const { name, version, isOutside, values } = each;
        if (isOutside) needs.outside.push(`${name} (${from})`);
        else {
          const listed = tablesOf(values['files']);
          const files =
            listed.length > 0
              ? listed
              : tablesOf(tableOf(tableOf(lock['metadata'])['files'])[textOf(values['name']) ?? '']);
          const sha256s = sha256sOf(files.map((file) => file['hash']));
          needs.wanted.push({ name, extras: [], from, specifiers: `==${version}`, ...(sha256s && { sha256s }) });
        }
      }
      return needs;
    },
  };
}

/** One for all groups, or one for each. */
function readMarkers(value: unknown): Marker[] {
  if (typeof value === 'string') return [markerOf(value) ?? []].flat();
  return Object.values(tableOf(value)).flatMap((text) => markerOf(text) ?? []);
}

function rootsOf(packages: readonly Package[]): GraphEdge<Package>[] {
  const wanted = new Set(
    packages.flatMap(({ values }) => Object.keys(tableOf(values['dependencies'])).map((name) => nameOf(name))),
  );
  return packages.filter(({ name }) => !wanted.has(name)).map((to) => ({ to, extras: [] }));
}

/** A dependency is `">=1"`, a table, or a list of tables for different markers. */
function edgesOf(
  { values }: Package,
  extra: string | undefined,
  byName: ReadonlyMap<NormalizedName, readonly Package[]>,
): GraphEdge<Package>[] {
  const dependencies = tableOf(values['dependencies']);
  const ofExtra =
    extra === undefined
      ? undefined
      : new Set(textsOf(tableOf(values['extras'])[extra]).map((text) => /^[^\s([;<>=!~]*/.exec(text)?.[0] ?? ''));
  return [...(ofExtra ?? Object.keys(dependencies))].flatMap((written) => {
    if (!Object.hasOwn(dependencies, written)) return [];
    const name = nameOf(written);
    const value = dependencies[written];
    return (Array.isArray(value) ? value : [value]).flatMap((one): GraphEdge<Package>[] => {
      const table = tableOf(one);
      if ((table['optional'] === true) !== (ofExtra !== undefined)) return [];
      const marker = markerOf(table['markers']);
      const extras = textsOf(table['extras']);
      return (byName.get(name) ?? []).map((to) => ({ to, extras, ...(marker && { marker }) }));
    });
  });
}
