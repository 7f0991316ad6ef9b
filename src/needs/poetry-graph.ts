/**
 * poetry.lock as Poetry wrote it before 2.0: it tells who needs whom, and nothing of groups and markers. What the project itself
 * asks for stands in pyproject.toml, from which Poetry resolves once more when it installs; so does this.
 */
import { FormatError } from '../problems.ts';
import type { Marker, MarkerEnvironment } from '../standards/marker.ts';
import { normalizeExtra, parseMarker } from '../standards/marker.ts';
import type { NormalizedName } from '../standards/name.ts';
import { compareVersions } from '../standards/version.ts';
import { type GraphEdge, packagesByName, reachable } from './lock-graph.ts';
import { markerOf, nameOf, tableOf, textOf, textsOf, type Values } from './lock-values.ts';
import { poetryAllows, pythonMarkerOf } from './poetry-constraint.ts';
import { type Demand, poetryDemands } from './project-demands.ts';
import { holds } from './wanted.ts';

export interface PoetryPackage {
  name: NormalizedName;
  version: string;
  values: Values;
}

/** An edge, and what it asks of the version. */
interface Asking extends GraphEdge<PoetryPackage> {
  constraint: string;
}

type EdgesOf = (node: PoetryPackage, extra?: string) => readonly Asking[];

/**
 * @param project what pyproject.toml says
 * @returns what is reached from it on a machine
 * @throws {FormatError} `bad-metadata`
 */
export function poetryGraph<Package extends PoetryPackage>(
  project: Values,
  packages: readonly Package[],
): (environment: MarkerEnvironment) => Set<Package> {
  const byName = packagesByName(packages);
  const roots = edgesTo(poetryDemands(project), byName);
  const edgesOfPackage = new Map<PoetryPackage, PackageEdges>();
  const edgesOf: EdgesOf = (node, extra) => {
    const edges = edgesOfPackage.get(node) ?? new PackageEdges(node.values, byName);
    edgesOfPackage.set(node, edges);
    return edges.of(extra);
  };
  return (environment) => {
    const candidates = chooseVersions(roots, edgesOf, byName, environment);
    const chosen = ({ to }: GraphEdge<PoetryPackage>) => candidates.has(to);
    return reachable(
      roots.filter(chosen),
      (node, extra) => edgesOf(node, extra).filter(chosen),
      () => environment,
    ) as Set<Package>;
  };
}

/** Of several versions in the lock the highest that all who ask for it here allow: as Poetry, when it resolves once more. */
function chooseVersions(
  roots: readonly Asking[],
  edgesOf: EdgesOf,
  byName: ReadonlyMap<NormalizedName, readonly PoetryPackage[]>,
  environment: MarkerEnvironment,
): Set<PoetryPackage> {
  const constraints = new Map<NormalizedName, Set<string>>();
  const note = (edges: readonly Asking[]) => {
    for (const { to, constraint, marker } of edges) {
      if (!holds(marker, [environment])) continue;
      const texts = constraints.get(to.name) ?? new Set();
      constraints.set(to.name, texts.add(constraint));
    }
    return edges;
  };
  reachable(
    note(roots),
    (node, extra) => note(edgesOf(node, extra)),
    () => environment,
  );
  const chosen = [...byName].flatMap(([name, versions]) => {
    if (versions.length === 1) return versions;
    const fits = ({ values }: PoetryPackage) =>
      holds(pythonMarkerOf(textOf(values['python-versions']) ?? '*'), [environment]);
    const allowed = versions.filter(
      (each) => [...(constraints.get(name) ?? [])].every((text) => poetryAllows(text, each.version)) && fits(each),
    );
    return allowed
      .sort((a, b) => compareVersions(b.version, a.version))
      .slice(0, 1)
      .concat(allowed.length > 0 ? [] : versions);
  });
  return new Set(chosen);
}

/** Of one package, by extra: there may be as many extras as dependencies, so that nothing is looked for twice. */
class PackageEdges {
  readonly #byName: ReadonlyMap<NormalizedName, readonly PoetryPackage[]>;
  readonly #always: Demand[] = [];
  readonly #optional = new Map<NormalizedName, Demand[]>();
  readonly #extras: ReadonlyMap<string, unknown>;

  constructor(values: Values, byName: ReadonlyMap<NormalizedName, readonly PoetryPackage[]>) {
    this.#byName = byName;
    this.#extras = new Map(
      Object.entries(tableOf(values['extras'])).map(([extra, list]) => [normalizeExtra(extra), list]),
    );
    // A dependency is `">=1"`, a table, or a list of tables for different markers.
    for (const [written, value] of Object.entries(tableOf(values['dependencies']))) {
      const name = nameOf(written);
      for (const one of Array.isArray(value) ? value : [value]) {
        const demand = { name, value: one };
        if (tableOf(one)['optional'] !== true) this.#always.push(demand);
        else {
          const same = this.#optional.get(name) ?? [];
          same.push(demand);
          this.#optional.set(name, same);
        }
      }
    }
  }

  of(extra: string | undefined): Asking[] {
    if (extra === undefined) return edgesTo(this.#always, this.#byName);
    const names = textsOf(this.#extras.get(extra)).map((text) => nameOf(/^[^\s([;<>=!~@]*/.exec(text)?.[0] ?? ''));
    return edgesTo(
      [...new Set(names)].flatMap((name) => this.#optional.get(name) ?? []),
      this.#byName,
    );
  }
}

function edgesTo(demands: readonly Demand[], byName: ReadonlyMap<NormalizedName, readonly PoetryPackage[]>): Asking[] {
  return demands.flatMap(({ name, value, marker: own }) => {
    const table = tableOf(value);
    const constraint = textOf(value) ?? textOf(table['version']) ?? '*';
    const extras = textsOf(table['extras']).map(normalizeExtra);
    const marker = own ?? conditionOf(table);
    const all = byName.get(name) ?? [];
    const allowed = all.filter(({ version }) => poetryAllows(constraint, version));
    return (allowed.length > 0 ? allowed : all).map((to) => ({ to, extras, constraint, ...(marker && { marker }) }));
  });
}

/** `markers`, `python` and `platform` of a dependency; all must hold. */
function conditionOf(table: Values): Marker | undefined {
  const platform = textOf(table['platform']);
  const python = textOf(table['python']);
  const parts = [
    withoutExtra(markerOf(table['markers'])),
    python === undefined ? undefined : pythonMarkerOf(python),
    platform === undefined ? undefined : platformMarker(platform),
  ].filter((part) => part !== undefined);
  return parts.length > 1 ? { type: 'and', parts } : parts[0];
}

function platformMarker(platform: string): Marker {
  if (/["\n]/.test(platform)) throw new FormatError('bad-metadata', 'It names a platform that is none');
  return parseMarker(`sys_platform == "${platform}"`);
}

/** That it is for an extra is what led here. */
function withoutExtra(marker: Marker | undefined): Marker | undefined {
  if (marker === undefined || marker.type === 'comparison')
    return marker && [marker.left, marker.right].some(({ isVariable, text }) => isVariable && text === 'extra')
      ? undefined
      : marker;
  const parts = marker.parts.map(withoutExtra);
  const kept = parts.filter((part) => part !== undefined);
  if (kept.length < parts.length && marker.type === 'or') return undefined;
  return kept.length > 1 ? { type: marker.type, parts: kept } : kept[0];
}
