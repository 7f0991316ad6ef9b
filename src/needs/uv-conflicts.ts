/**
 * Projects, extras and groups that exclude each other: uv writes into its markers which of them are on, as extras with names of
 * their own (`extra-3-app-cpu`, `group-3-app-dev`, `project-3-app`; the number is the length of the project's name).
 *
 * Source: the lock files that uv writes; there is no description of them.
 */
import { normalizeExtra } from '../standards/marker.ts';
import type { NormalizedName } from '../standards/name.ts';

export function projectSwitch(project: NormalizedName): string {
  return `project-${project.length}-${project}`;
}

export function extraSwitch(project: NormalizedName, extra: string): string {
  return normalizeExtra(`extra-${project.length}-${project}-${extra}`);
}

export function groupSwitch(project: NormalizedName, group: string): string {
  return normalizeExtra(`group-${project.length}-${project}-${group}`);
}
