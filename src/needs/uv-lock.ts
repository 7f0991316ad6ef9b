/**
 * uv.lock, and the lock of a script: a graph. What `uv sync --all-packages` brings: the dependencies of the project, or of all
 * members of the workspace, and their default groups: `dev`, where pyproject.toml names no others.
 */
import type { Marker, MarkerEnvironment } from '../standards/marker.ts';
import type { NormalizedName } from '../standards/name.ts';
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
import { extraSwitch, groupSwitch, projectSwitch } from './uv-conflicts.ts';
import { holds, type NeedsFile } from './wanted.ts';

interface Package extends LockedPackage {
  source: Values;
  /** `source`, to compare. */
  sourceText: string;
  /** One of them holds where it is for; of any machine when there are none. */
  forks: readonly Marker[];
  values: Values;
}

type Edge = GraphEdge<Package>;

/** @param project what pyproject.toml beside it says, where there is one. @throws {FormatError} `bad-metadata` */
export function readUvLock(lock: Values, from: string, project?: Values): NeedsFile {
  const packages = tablesOf(lock['package']).map(readPackage);
  const byName = packagesByName(packages);
  const manifest = tableOf(lock['manifest']);
  const members = membersOf(packages, manifest);
  const installed = (environments: readonly MarkerEnvironment[]) => {
    const reached = reachedInAny(environments, (environment) =>
      reachedOn(environment, members, manifest, byName, project),
    );
    for (const member of members) reached.delete(member);
    return reached;
  };
  return lockedFile(packages, installed, from);
}

function readPackage(values: Values): Package {
  const version = textOf(values['version']);
  const source = tableOf(values['source']);
  const files = [...tablesOf(values['wheels']), tableOf(values['sdist'])].filter((file) => file['hash'] !== undefined);
  const sha256s = sha256sOf(files.map((file) => file['hash']));
  return {
    ...{ name: nameOf(values['name']), source, sourceText: textOfSource(source), values },
    forks: textsOf(values['resolution-markers']).flatMap((text) => markerOf(text) ?? []),
    isOutside: !isIndexAddress(source['registry']) || version === undefined,
    ...(version !== undefined && { version }),
    ...(sha256s && { sha256s }),
  };
}

/** Paths that a project merely depends on are no members: of those nobody installs the groups. */
function membersOf(packages: readonly Package[], manifest: Values): Package[] {
  const isLocal = ({ source }: Package) =>
    ['virtual', 'editable', 'directory'].some((key) => source[key] !== undefined);
  const names = new Set(textsOf(manifest['members']).map(nameOf));
  const local = packages.filter(isLocal);
  if (names.size > 0) return local.filter(({ name }) => names.has(name));
  return local.filter(({ source }) => ['virtual', 'editable', 'directory'].some((key) => source[key] === '.'));
}

/** Twice, as uv: first for the extras that are on, which decide between what excludes each other. */
function reachedOn(
  environment: MarkerEnvironment,
  members: readonly Package[],
  manifest: Values,
  byName: ReadonlyMap<NormalizedName, readonly Package[]>,
  project: Values | undefined,
): Set<Package> {
  const isDefault = defaultGroups(project);
  const switches = new Set<string>();
  const isForHere = rememberedForHere(environment);
  const edges = (list: unknown) => edgesTo(list, byName, isForHere);
  const edgesOf = ({ values }: Package, extra?: string) =>
    edges(extra === undefined ? values['dependencies'] : tableOf(values['optional-dependencies'])[extra]);
  const roots = [
    ...edges(manifest['requirements']),
    ...groupsOf(manifest['dependency-groups']).flatMap(([, list]) => edges(list)),
  ];
  for (const member of members) {
    switches.add(projectSwitch(member.name));
    roots.push({ to: member, extras: [] });
    for (const [group, list] of groupsOf(member.values['dev-dependencies'])) {
      switches.add(groupSwitch(member.name, group));
      for (const edge of edges(list)) roots.push(edge);
    }
  }
  // What an edge itself asks for counts for its own marker.
  const asking = ({ to, extras }: Edge) => {
    const own = new Set(extras.map((extra) => extraSwitch(to.name, extra)));
    return { ...environment, extra: { has: (name: string) => switches.has(name) || own.has(name) } };
  };
  reachable(roots, edgesOf, asking, ({ name }, extra) => {
    if (extra !== undefined) switches.add(extraSwitch(name, extra));
  });
  return reachable(roots, edgesOf, () => ({ ...environment, extra: switches }));

  function groupsOf(value: unknown): [group: string, list: unknown][] {
    return Object.entries(tableOf(value)).filter(([group]) => isDefault(group));
  }
}

/** A name that several packages have is that of the one with this version and source, or of the one for such machines. */
function edgesTo(
  list: unknown,
  byName: ReadonlyMap<NormalizedName, readonly Package[]>,
  isForHere: (each: Package) => boolean,
): Edge[] {
  return tablesOf(list).flatMap((dependency) => {
    const version = textOf(dependency['version']);
    const source = dependency['source'] === undefined ? undefined : textOfSource(tableOf(dependency['source']));
    const marker = markerOf(dependency['marker']);
    const extras = [...textsOf(dependency['extra']), ...textsOf(dependency['extras'])];
    const named = (byName.get(nameOf(dependency['name'])) ?? []).filter(
      (each) =>
        (version === undefined || each.version === version) && (source === undefined || each.sourceText === source),
    );
    const forked = named.filter(isForHere);
    return (forked.length > 0 ? forked : named).map((to) => ({ to, extras, ...(marker && { marker }) }));
  });
}

/** Each package is asked once, however many depend on it. */
function rememberedForHere(environment: MarkerEnvironment): (each: Package) => boolean {
  const answers = new Map<Package, boolean>();
  return (each) => {
    const isForHere =
      answers.get(each) ?? (each.forks.length === 0 || each.forks.some((marker) => holds(marker, [environment])));
    answers.set(each, isForHere);
    return isForHere;
  };
}

function textOfSource(source: Values): string {
  return Object.keys(source)
    .sort()
    .map((key) => `${key} ${textOf(source[key])}`)
    .join();
}

function defaultGroups(project: Values | undefined): (group: string) => boolean {
  const setting = tableOf(tableOf(project?.['tool'])['uv'])['default-groups'];
  if (setting === 'all') return () => true;
  const names = new Set(setting === undefined ? ['dev'] : textsOf(setting).map(nameOf));
  return (group) => names.has(nameOf(group));
}
