/**
 * Advisories that were read once, in `.kho/advisories`: lines sorted by the name of the project, so that one is found in a few steps and
 * nothing of them is held in memory. May be deleted any time: it is made again of the file, folder or address that kho.toml names.
 */
import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { findKeptLine } from '../io/find-kept-line.ts';
import { keptFields } from '../io/kept-fields.ts';
import { readKeptLines } from '../io/kept-lines.ts';
import { isStateTrusted, stateFolder } from '../publish/state-folder.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { Advisory } from '../standards/osv/advisory.ts';
import { unpackAdvisories } from './advisory-lines.ts';

/** Raised whenever lines change their meaning, or records are read otherwise. */
const FORMAT = 1;

/** Where they were read. */
export interface ReadFrom {
  /** As kho.toml has it. */
  from: string;
  /** Of the file or folder: changes whenever that does. */
  stamp: string;
}

/** What is known of all of them together. */
export interface AboutAdvisories extends ReadFrom {
  /** Stands for all of their content. */
  generation: string;
  /** About projects of PyPI, and not withdrawn. */
  advisories: number;
  projects: number;
  /** Records that could not be read. */
  unread: number;
  /** When the newest was changed, ISO 8601; empty where none says. */
  newest: string;
}

export interface AdvisoryBook {
  about: AboutAdvisories;
  /** What is known of a project; undefined where what is kept is damaged: then nothing is known. */
  of(project: NormalizedName): readonly Advisory[] | undefined;
  /** Of which something is known, normalized, sorted; none where what is kept is damaged. Reads all that is kept. */
  projects(): string[];
}

/** For what is undefined of an `AdvisoryBook`. */
export function notBelieved(): KhoError {
  const what = 'Cannot believe the advisories that were kept: they are damaged, or were written anew just now';
  return new KhoError('READ', what, {
    hint: 'try again; if that does not help, remove .kho/advisories: it is made again',
  });
}

export function advisoriesPath(root: string): string {
  return join(stateFolder(root), 'advisories');
}

export function headerOf(about: AboutAdvisories): string {
  return `advisories ${FORMAT} ${JSON.stringify(about)}`;
}

/** Undefined where there are none that can be believed, or only those of another place. @param from as kho.toml names it */
export function openAdvisories(root: string, from: string): AdvisoryBook | undefined {
  const path = advisoriesPath(root);
  const about = isStateTrusted(root) ? aboutOf(lineOf(path, '')?.first) : undefined;
  if (about?.from !== from) return undefined;
  return {
    about,
    of(project) {
      const found = lineOf(path, project);
      if (aboutOf(found?.first)?.generation !== about.generation) return undefined; // written anew, or gone
      return found?.line === undefined ? [] : advisoriesIn(found.line, project);
    },
    projects: () => projectsIn(path, about.generation),
  };
}

function lineOf(path: string, key: string): ReturnType<typeof findKeptLine> {
  try {
    return findKeptLine(path, key);
  } catch {
    return undefined; // not there, or not to be read
  }
}

function projectsIn(path: string, generation: string): string[] {
  try {
    const [header, ...lines] = readKeptLines(path).lines;
    return aboutOf(header)?.generation === generation ? lines.map((line) => line.slice(0, line.indexOf(' '))) : [];
  } catch {
    return []; // gone
  }
}

function advisoriesIn(line: string, project: string): Advisory[] | undefined {
  try {
    return unpackAdvisories(line.slice(project.length + 1));
  } catch {
    return undefined;
  }
}

function aboutOf(header: string | undefined): AboutAdvisories | undefined {
  const [, format, json] = /^advisories (\d+) (.*)$/s.exec(header ?? '') ?? [];
  if (Number(format) !== FORMAT || json === undefined) return undefined;
  const { from, stamp, generation, advisories, projects, unread, newest } = keptFields(json);
  if (typeof from !== 'string' || typeof stamp !== 'string' || typeof generation !== 'string') return undefined;
  const counts = { advisories: Number(advisories), projects: Number(projects), unread: Number(unread) };
  return { from, stamp, generation, ...counts, newest: String(newest) };
}
