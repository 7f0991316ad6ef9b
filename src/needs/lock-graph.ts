/** Locks that say who needs whom, rather than what is needed where: what can be reached on a machine is needed there. */
import type { Marker, MarkerEnvironment } from '../standards/marker.ts';
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
    const known = done.get(edge.to) ?? new Set();
    done.set(edge.to, known);
    for (const extra of [undefined, ...edge.extras]) {
      if (known.has(extra)) continue;
      known.add(extra);
      onReached(edge.to, extra);
      waiting.push(...edgesOf(edge.to, extra));
    }
  }
  return new Set(done.keys());
}

/** What is reached in any of them: a machine whose Python's patch is not known has two. */
export function reachedInAny<Node>(
  environments: readonly MarkerEnvironment[],
  reached: (environment: MarkerEnvironment) => Iterable<Node>,
): Set<Node> {
  return new Set(environments.flatMap((environment) => [...reached(environment)]));
}
