import type { SiteConfig } from '../config/site-config.ts';
import { FormatError } from '../problems.ts';
import { splitRepository } from '../publish/target.ts';
import type { HeldFile } from '../render/web/model.ts';
import { projectsOfFile } from '../standards/projects-of-file.ts';

/** Held files by the project that their names say: normalized names. Files whose names say none are on no project's page. */
export function heldByProject(held: readonly HeldFile[]): Map<string, HeldFile[]> {
  const byProject = new Map<string, HeldFile[]>();
  for (const file of held) {
    const name = projectOf(file.file.slice(file.file.lastIndexOf('/') + 1));
    if (name === undefined) continue;
    const known = byProject.get(name);
    if (known) known.push(file);
    else byProject.set(name, [file]);
  }
  return byProject;
}

function projectOf(filename: string): string | undefined {
  try {
    return projectsOfFile(filename)[0];
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
