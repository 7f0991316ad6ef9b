/**
 * poetry.lock. From Poetry 2 on it is flat, with the groups and markers of each package; before, it tells only who needs whom
 * (poetry-graph.ts). What `poetry install` brings: all groups, those that are optional too, and no extras.
 */
import type { Marker, MarkerEnvironment } from '../standards/marker.ts';
import { reachedInAny } from './lock-graph.ts';
import { markerOf, nameOf, sha256sOf, tableOf, tablesOf, textOf, textsOf, type Values } from './lock-values.ts';
import { lockedFile } from './locked-file.ts';
import { type PoetryPackage, poetryGraph } from './poetry-graph.ts';
import { holds, type NeedsFile } from './wanted.ts';

interface Package extends PoetryPackage {
  isOptional: boolean;
  isOutside: boolean;
  /** One of them must hold; undefined when there is no condition. */
  markers?: Marker[];
  sha256s?: ReadonlySet<string>;
}

/** @param project what pyproject.toml beside it says, where there is one. @throws {FormatError} `bad-metadata` */
export function readPoetryLock(lock: Values, from: string, project?: Values): NeedsFile {
  const packages = tablesOf(lock['package']).map((values) => readPackage(values, lock));
  const isFlat = packages.some(({ values }) => values['groups'] !== undefined);
  const reachedOn = isFlat || !project ? undefined : poetryGraph(project, packages);
  const reached = (environment: MarkerEnvironment): Iterable<Package> => {
    // What is optional, is for an extra: of a flat lock the markers say so, and sometimes that it is for those without it.
    if (isFlat) return packages.filter(({ markers }) => !markers || markers.some((one) => holds(one, [environment])));
    return reachedOn ? reachedOn(environment) : packages.filter(({ isOptional }) => !isOptional);
  };
  const notes =
    isFlat || project || packages.length === 0
      ? []
      : [
          `${from} is of a Poetry before 2.0, which needs pyproject.toml beside it to tell what is for which machine; there is none, so all that is not optional counts`,
        ];
  return lockedFile(packages, (environments) => reachedInAny(environments, reached), from, notes);
}

function readPackage(values: Values, lock: Values): Package {
  const source = textOf(tableOf(values['source'])['type']);
  const name = nameOf(values['name']);
  const listed = tablesOf(values['files']);
  // Of the versions before there was a list with each package.
  const older = tableOf(tableOf(lock['metadata'])['files'])[textOf(values['name']) ?? ''];
  const files = listed.length > 0 ? listed : tablesOf(older);
  const markers = readMarkers(values);
  const sha256s = sha256sOf(files.map((file) => file['hash']));
  return {
    ...{ name, version: textOf(values['version']) ?? '', values },
    ...{ isOptional: values['optional'] === true, isOutside: source !== undefined && source !== 'legacy' },
    ...(markers && { markers }),
    ...(sha256s && { sha256s }),
  };
}

/** One for all groups, or one for each: a group without one is for any machine. */
function readMarkers(values: Values): Marker[] | undefined {
  const written = values['markers'];
  if (typeof written === 'string') return allOrNone([markerOf(written)]);
  if (written === undefined) return undefined;
  const table = tableOf(written);
  const groups = values['groups'] === undefined ? Object.keys(table) : textsOf(values['groups']);
  return allOrNone(groups.map((group) => markerOf(table[group])));
}

function allOrNone(markers: readonly (Marker | undefined)[]): Marker[] | undefined {
  const definedMarkers = markers.filter((marker) => marker !== undefined);
  return definedMarkers.length === markers.length ? definedMarkers : undefined;
}
