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
