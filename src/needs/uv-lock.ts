/** uv.lock: a graph. What `uv sync` brings: the dependencies of the workspace's projects, and their group `dev`. */
import type { NormalizedName } from '../standards/name.ts';
import { type GraphEdge, packagesByName, reachable } from './lock-graph.ts';
import { markerOf, nameOf, sha256sOf, tableOf, tablesOf, textOf, textsOf, type Values } from './lock-values.ts';
import { type NeedsFile, NO_OPTIONS, noNeeds } from './wanted.ts';

interface Package {
  name: NormalizedName;
  version?: string;
  source: Values;
  values: Values;
}

/** @throws {FormatError} `bad-metadata` */
export function readUvLock(lock: Values, from: string): NeedsFile {
  const packages = tablesOf(lock['package']).map((values): Package => {
    const version = textOf(values['version']);
    return {
      name: nameOf(values['name']),
      source: tableOf(values['source']),
      values,
      ...(version !== undefined && { version }),
    };
  });
  const byName = packagesByName(packages);

  const edges = (list: unknown): GraphEdge<Package>[] =>
    tablesOf(list).flatMap((dependency) => {
      const version = textOf(dependency['version']);
      const marker = markerOf(dependency['marker']);
      const extras = textsOf(dependency['extra']);
      return (byName.get(nameOf(dependency['name'])) ?? [])
        .filter((each) => version === undefined || each.version === version)
        .map((to) => ({ to, extras, ...(marker && { marker }) }));
    });
  const edgesOf = ({ values }: Package, extra?: string) =>
    edges(extra === undefined ? values['dependencies'] : tableOf(values['optional-dependencies'])[extra]);
  const members = packages.filter(
    ({ source }) => source['virtual'] !== undefined || source['editable'] !== undefined || source['directory'] === '.',
  );
  const roots = members.flatMap((member): GraphEdge<Package>[] => [
    { to: member, extras: [] },
    ...edges(tableOf(member.values['dev-dependencies'])['dev']),
  ]);
  const isMember: ReadonlySet<Package> = new Set(members);
  return {
    isLocked: true,
    options: NO_OPTIONS,
    needsOf(environments) {
      const needs = noNeeds();
      const reached = reachable(roots, edgesOf, environments);
      for (const each of packages.filter((one) => reached.has(one) && !isMember.has(one))) {
        const { name, version, source, values } = each;
        if (source['registry'] === undefined || version === undefined) {
          needs.outside.push(`${name} (${from})`);
          continue;
        }
        const files = [...tablesOf(values['wheels']), tableOf(values['sdist'])].filter(
          (file) => file['hash'] !== undefined,
        );
        const sha256s = sha256sOf(files.map((file) => file['hash']));
        needs.wanted.push({ name, extras: [], from, specifiers: `==${version}`, ...(sha256s && { sha256s }) });
      }
      return needs;
    },
  };
}
