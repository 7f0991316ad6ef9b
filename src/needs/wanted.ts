import type { PipOptions } from '../catalog/candidate.ts';
import type { Marker, MarkerEnvironment } from '../standards/marker.ts';
import { evaluateMarker } from '../standards/marker.ts';
import type { NormalizedName } from '../standards/name.ts';

/** One thing that has to be there, or that limits what may be. */
export interface Wanted {
  name: NormalizedName;
  /** `>=1,<2`; empty when any version will do; a pinned one is `==1.0`. */
  specifiers: string;
  extras: readonly string[];
  /** Hexadecimal sha256 of the files that installers would take; absent where any will do. */
  sha256s?: ReadonlySet<string>;
  /** Who asks for it, in words: `requirements.txt line 3`, `requests 2.32.5`. */
  from: string;
}

/** What some files ask for on one machine. */
export interface Needs {
  wanted: Wanted[];
  /** These limit versions of what is wanted, and want nothing themselves. */
  constraints: Wanted[];
  /** What comes from elsewhere than an index (a folder, a repository, an address), in words: nobody looks for it. */
  outside: string[];
}

/** What one file asks for: it may depend on the machine. */
export interface NeedsFile {
  /** What is not certain of it, and what of it is left out: one line each, no full stop. */
  notes?: readonly string[];
  /** Files that it names, and that were not read: in words, without credentials. */
  leftOut?: readonly string[];
  /** All is pinned, and everything is there: dependencies need not be followed. */
  isLocked: boolean;
  options: PipOptions;
  /** @param environments of the machine; what either of them wants, counts. @throws {FormatError} */
  needsOf(environments: readonly MarkerEnvironment[]): Needs;
  /** All that it names, for whatever machine, group or extra. */
  named(): Needs;
}

/** Nothing is on that nobody asked for: markers that ask for extras and groups have a meaning in lock files. */
export function withoutExtras(environments: readonly MarkerEnvironment[]): MarkerEnvironment[] {
  const none: ReadonlySet<string> = new Set();
  return environments.map((environment) => ({ ...environment, extra: '', extras: none, dependency_groups: none }));
}

export function noNeeds(): Needs {
  return { wanted: [], constraints: [], outside: [] };
}

export function holds(marker: Marker | undefined, environments: readonly MarkerEnvironment[]): boolean {
  return marker === undefined || environments.some((environment) => evaluateMarker(marker, environment));
}
