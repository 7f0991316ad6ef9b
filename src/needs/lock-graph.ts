/** Locks that say who needs whom, rather than what is needed where: what can be reached on a machine is needed there. */
import type { Marker, MarkerEnvironment } from '../standards/marker.ts';
import { holds } from './wanted.ts';

export interface GraphEdge<Node> {
  to: Node;
  /** Of `to`, that are wanted too. */
  extras: readonly string[];
  marker?: Marker;
}

/** @param edgesOf of a node: without an extra what it always needs, else what this extra adds */
export function reachable<Node>(
  roots: readonly GraphEdge<Node>[],
  edgesOf: (node: Node, extra?: string) => readonly GraphEdge<Node>[],
  environments: readonly MarkerEnvironment[],
): Set<Node> {
  const here = environments.map((environment): MarkerEnvironment => ({ ...environment, extra: '' }));
  const done = new Map<Node, Set<string | undefined>>();
  const waiting = [...roots];
  for (let edge = waiting.pop(); edge; edge = waiting.pop()) {
    if (!holds(edge.marker, here)) continue;
    const known = done.get(edge.to) ?? new Set();
    done.set(edge.to, known);
    for (const extra of [undefined, ...edge.extras]) {
      if (known.has(extra)) continue;
      known.add(extra);
      waiting.push(...edgesOf(edge.to, extra));
    }
  }
  return new Set(done.keys());
}
