import { basename, resolve } from 'node:path';
import { didYouMean } from '../config/did-you-mean.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { FormatError } from '../problems.ts';
import { filenameReadings } from '../standards/file-identity.ts';
import { foldName } from '../standards/name.ts';
import { isPackageName } from '../standards/package-suffixes.ts';
import { projectsOfFile } from '../standards/projects-of-file.ts';
import { quoted } from '../standards/quoted.ts';
import { versionKey } from '../standards/version.ts';

/** What somebody typed: a release, or one file. */
export type Selection =
  | { is: 'release'; text: string; project: string; version: string }
  | { is: 'file'; text: string; filename: string };

/**
 * @param text `NAME==VERSION`, the name of a file, or a path to it
 * @throws {KhoError} USAGE, also for a name alone: nobody should yank or remove all of a project by a slip
 */
export function readSelection(text: string): Selection {
  const [, name, version] = /^([^=\s]+)\s*==\s*([^=\s]+)$/.exec(text.trim()) ?? [];
  if (name !== undefined && version !== undefined) return { is: 'release', text, project: foldName(name), version };
  const filename = basename(text);
  if (isPackageName(filename)) return { is: 'file', text, filename };
  throw new KhoError('USAGE', `Cannot tell what ${quoted(text)} is: it names neither a file nor a version`, {
    hint: 'name a file (farm-1.4-py3-none-any.whl) or a version of a project (farm==1.4)',
  });
}

/** @param path of the file, absolute */
export function isSelected(selection: Selection, path: string): boolean {
  const filename = basename(path);
  if (selection.is === 'file') {
    if (filename !== selection.filename) return false;
    const { text } = selection;
    return !text.includes('/') || path === resolve(text) || path.endsWith(`/${text.replace(/^(?:\.\/)+/, '')}`);
  }
  const key = versionKey(selection.version);
  return readingsOf(filename).some(
    ({ project, version }) => project === selection.project && versionKey(version) === key,
  );
}

/** Project and version as a file's name tells them; of old sdists there may be several readings. None for what cannot be read. */
export function readingsOf(filename: string): readonly { project: string; version: string }[] {
  try {
    return filenameReadings(filename);
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}

/** The likely project of a file, for the record. */
export function projectOf(filename: string, selection?: Selection): string | undefined {
  if (selection?.is === 'release') return selection.project;
  try {
    return projectsOfFile(filename)[0];
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** @throws {KhoError} USAGE for a repository that is not there, or has no files of its own */
export function checkRepository({ repositories }: SiteConfig, name: string): void {
  const found = repositories.find((repository) => repository.name === name);
  if (found?.packages !== undefined) return;
  const known = repositories.filter(({ packages }) => packages !== undefined).map((repository) => repository.name);
  const why = found
    ? `it has no files of its own, but those of ${found.include.join(', ')}`
    : `there is none of this name${didYouMean(name, known)}`;
  throw new KhoError('USAGE', `Cannot use the repository ${quoted(name)}: ${why}`, {
    hint: `those with files are ${known.join(', ')}`,
  });
}
