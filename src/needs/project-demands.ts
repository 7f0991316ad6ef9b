/**
 * What a pyproject.toml itself asks for: all of its groups, and none of its extras. Of locks that do not tell, it says where to begin.
 *
 * Source: PyPA "Declaring project metadata" (PEP 621), "Dependency Groups" (PEP 735); the documentation of Poetry and PDM.
 */
import { FormatError } from '../problems.ts';
import type { Marker } from '../standards/marker.ts';
import type { NormalizedName } from '../standards/name.ts';
import { parseRequirement, type Requirement } from '../standards/requirement.ts';
import { nameOf, tableOf, textsOf, type Values } from './lock-values.ts';

/** As Poetry writes it: `">=1"`, or a table. */
export interface Demand {
  name: NormalizedName;
  value: unknown;
  marker?: Marker | undefined;
}

/** @throws {FormatError} `bad-metadata` */
export function poetryDemands(project: Values): Demand[] {
  const poetry = tableOf(tableOf(project['tool'])['poetry']);
  const groups = Object.values(tableOf(poetry['group'])).map((group) => tableOf(group)['dependencies']);
  const tables = [poetry['dependencies'], poetry['dev-dependencies'], ...groups].map(tableOf);
  const written = tables.flatMap((table) =>
    Object.entries(table)
      .filter(([name]) => name.toLowerCase() !== 'python')
      .flatMap(([name, value]) =>
        (Array.isArray(value) ? value : [value]).map((one) => ({ name: nameOf(name), value: one })),
      ),
  );
  const standard = requirementsOf([...textsOf(tableOf(project['project'])['dependencies']), ...groupLines(project)]);
  return [
    ...written.filter(({ value }) => tableOf(value)['optional'] !== true),
    ...standard.map(({ name, specifiers, extras, marker }) => ({
      name,
      value: { version: specifiers || '*', extras },
      marker,
    })),
  ];
}

/** @param groups that the lock is for, `default` among them. @returns undefined when one of its lines cannot be read */
export function pdmRequirements(project: Values, groups: readonly string[]): Requirement[] | undefined {
  const { dependencies, 'optional-dependencies': optional } = tableOf(project['project']);
  const older = tableOf(tableOf(tableOf(project['tool'])['pdm'])['dev-dependencies']);
  const isLocked = new Set(groups);
  const lines = [
    ...textsOf(dependencies),
    ...[optional, older].flatMap((table) =>
      Object.entries(tableOf(table)).flatMap(([group, list]) => (isLocked.has(group) ? textsOf(list) : [])),
    ),
    ...groupLines(project),
  ];
  try {
    return requirementsOf(lines);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}

/** Of all groups; groups that include others add nothing of their own by that. */
function groupLines(project: Values): string[] {
  return Object.values(tableOf(project['dependency-groups'])).flatMap(textsOf);
}

function requirementsOf(lines: readonly string[]): Requirement[] {
  return lines.map((line) => parseRequirement(line));
}
