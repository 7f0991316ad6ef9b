/** Locks that say who needs whom, rather than what is needed where: what can be reached on a machine is needed there. */
import { FormatError } from '../problems.ts';
import type { Marker, MarkerEnvironment } from '../standards/marker.ts';
import type { NormalizedName } from '../standards/name.ts';
import { quoted } from '../standards/quoted.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { holds } from './wanted.ts';

export interface GraphEdge<Node> {
  to: Node;
  /** Of `to`, that are wanted too. */
  extras: readonly string[];
  marker?: Marker;
}

/**
 * @param edgesOf of a node: without an extra what it always needs, else what this extra adds
 * @param environmentOf the machine, with the extras that are on when an edge is looked at
 * @param onReached told of each node, and of each of its extras, once
 */
export function reachable<Node>(
  roots: readonly GraphEdge<Node>[],
  edgesOf: (node: Node, extra?: string) => readonly GraphEdge<Node>[],
  environmentOf: (edge: GraphEdge<Node>) => MarkerEnvironment,
  onReached: (node: Node, extra?: string) => void = () => {},
): Set<Node> {
  const done = new Map<Node, Set<string | undefined>>();
  const waiting = [...roots];
  for (let edge = waiting.pop(); edge; edge = waiting.pop()) {
    if (!holds(edge.marker, [environmentOf(edge)])) continue;
    const reached = done.get(edge.to) ?? new Set();
    done.set(edge.to, reached);
    for (const extra of [undefined, ...edge.extras]) {
      if (reached.has(extra)) continue;
      reached.add(extra);
      onReached(edge.to, extra);
      for (const next of edgesOf(edge.to, extra)) waiting.push(next);
    }
  }
  return new Set(done.keys());
}

/** @throws {FormatError} `bad-metadata` when so many have one name that each edge to it would be thousands */
export function packagesByName<Package extends { name: NormalizedName }>(
  packages: readonly Package[],
): Map<NormalizedName, Package[]> {
  const byName = new Map<NormalizedName, Package[]>();
  for (const each of packages) {
    const same = byName.get(each.name) ?? [];
    if (same.push(each) > TEXT_LIMITS.lockedForks) {
      const why = `It has more than ${TEXT_LIMITS.lockedForks} packages of the name ${quoted(each.name)}`;
      throw new FormatError('bad-metadata', why);
    }
    byName.set(each.name, same);
  }
  return byName;
}

/** What is reached in any of them: a machine whose Python's patch is not known has two. */
export function reachedInAny<Node>(
  environments: readonly MarkerEnvironment[],
  reached: (environment: MarkerEnvironment) => Iterable<Node>,
): Set<Node> {
  return new Set(environments.flatMap((environment) => [...reached(environment)]));
}
