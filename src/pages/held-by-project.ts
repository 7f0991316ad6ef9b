import type { HeldFile } from '../catalog/held-files.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { FormatError } from '../problems.ts';
import type { Manifest } from '../publish/manifest.ts';
import { splitRepository } from '../publish/target.ts';
import type { BinaryFacts } from '../standards/platforms/binary-facts.ts';
import { presumedProjectOfFile } from '../standards/projects-of-file.ts';

/** Held files by the project that their names say: normalized names. Files whose names say none are on no project's page. */
export function heldByProject<File extends { file: string }>(held: readonly File[]): Map<string, File[]> {
  const byProject = new Map<string, File[]>();
  for (const file of held) {
    const name = projectOf(file.file.slice(file.file.lastIndexOf('/') + 1));
    if (name === undefined) continue;
    const files = byProject.get(name);
    if (files) files.push(file);
    else byProject.set(name, [file]);
  }
  return byProject;
}

function projectOf(filename: string): string | undefined {
  try {
    return presumedProjectOfFile(filename);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Those that would stand in this repository, in its own folder or one that it includes. */
export function heldFor(held: readonly HeldFile[], repository: string, config: SiteConfig): HeldFile[] {
  if (held.length === 0) return [];
  const includes = new Set([repository]);
  for (const name of includes) {
    for (const other of config.repositories.find((one) => one.name === name)?.include ?? []) includes.add(other);
  }
  return held.filter(({ file }) => includes.has(splitRepository(file).repository));
}

/** What binaries of held files are for, by path from the site's root: their names may be what is wrong with them. */
export function insideOfHeld(
  problems: readonly { file: string }[],
  { projects }: Pick<Manifest, 'projects'>,
): Map<string, BinaryFacts> {
  const inside = new Map<string, BinaryFacts>();
  for (const name of heldByProject(problems).keys()) {
    for (const { repository, path, problem, facts } of projects.get(name)?.files ?? [])
      if (problem && facts?.binaries) inside.set(sitePath({ repository, path }), facts.binaries);
  }
  return inside;
}
