/** From what kho.toml names to what is kept: each time that the file or the folder has changed. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { KhoError } from '../errors.ts';
import { writeKeptLines } from '../io/kept-lines.ts';
import { forgetIfReplaced, look } from '../io/open-file.ts';
import { pageStamp } from '../io/page-stamp.ts';
import { walkFiles } from '../io/walk-files.ts';
import { FormatError } from '../problems.ts';
import { makeStateFolder, stateFolder } from '../publish/state-folder.ts';
import { fieldsOf, readOsvRecord } from '../standards/osv/advisory.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { type AdvisoryBook, advisoriesPath, headerOf, openAdvisories, type ReadFrom } from './advisory-book.ts';
import { packAdvisory } from './advisory-lines.ts';
import { readRecords } from './read-records.ts';

/** Whether it is brought over a line, and not from this machine's disks. */
export function isAddress(from: string): boolean {
  return /^https?:\/\//i.test(from);
}

/** Where a file that was brought from an address lies. */
export function broughtPath(root: string): string {
  return join(stateFolder(root), 'advisories.zip');
}

/**
 * What is known now: read anew if the file or folder is not what it was. Of an address, what was brought of it last.
 *
 * @param from as kho.toml names it
 * @param read does the work
 * @returns undefined for an address of which nothing was ever brought
 * @throws {KhoError} SITE, WRITE; READ for a file or folder that cannot be read: what was kept before stays
 */
export async function readAdvisories(
  root: string,
  from: string,
  read: ReadElsewhere = readHere,
): Promise<AdvisoryBook | undefined> {
  forgetIfReplaced(stateFolder(root));
  const path = isAddress(from) ? broughtPath(root) : resolve(root, from);
  const kept = openAdvisories(root, from);
  const stamp = stampOf(path, from);
  if (stamp === undefined || kept?.about.stamp === stamp) return kept;
  await read({ root, path, from });
  return openAdvisories(root, from);
}

/** A file, or a folder, of which is to be kept what is needed: PyPI's takes some seconds of work. */
export interface ReadOrder {
  root: string;
  /** Of the file: it may not have its name yet (`broughtPath`). */
  path: string;
  /** As kho.toml names it. */
  from: string;
}

/** @throws {KhoError} as `readHere` */
export type ReadElsewhere = (order: ReadOrder) => Promise<void>;

/** In this thread, with pauses for others. @throws {KhoError} SITE, READ, WRITE */
export async function readHere({ root, path, from }: ReadOrder): Promise<void> {
  await keep(root, path, { from, stamp: stampOf(path, from) ?? '' });
}

/** Undefined where nothing of an address was brought. @throws {KhoError} READ */
function stampOf(path: string, from: string): string | undefined {
  const stats = look(path);
  if (stats?.isDirectory()) {
    const hash = createHash('sha256');
    const files: string[] = [];
    walkFiles(path, (each) => {
      const one = look(each);
      if (one?.isFile()) files.push(`${each} ${pageStamp(one)}`);
    });
    return hash.update(files.sort().join('\n')).digest('hex');
  }
  if (stats) return pageStamp(stats);
  if (isAddress(from)) return undefined;
  throw new KhoError('READ', `Cannot find the advisories that kho.toml names: nothing is at "${path}"`, {
    hint: 'put a file of OSV there (a zip, or a folder of .json files), or mend "from" in [advisories]',
  });
}

async function keep(root: string, path: string, about: ReadFrom): Promise<void> {
  makeStateFolder(root);
  const gathered = new Gathered();
  try {
    await readRecords(path, (bytes) => gathered.add(bytes));
    if (gathered.isEmpty) throw new FormatError('not-an-archive', 'holds no advisory about a project of PyPI');
  } catch (error) {
    if (error instanceof KhoError && error.code !== 'READ') throw error;
    const why = error instanceof FormatError ? `: it ${error.message}` : '';
    throw new KhoError('READ', `Cannot read the advisories in "${path}"${why}`, {
      ...(!why && { cause: error }),
      hint: 'get a whole copy of it; what was read before goes on to count',
    });
  }
  writeKeptLines(advisoriesPath(root), gathered.lines(about));
}

/** What is to be kept, by project, each advisory packed. */
class Gathered {
  readonly #byProject = new Map<string, string[]>();
  #advisories = 0;
  #unread = 0;
  #newest = '';
  #length = 0;

  get isEmpty(): boolean {
    return this.#advisories === 0;
  }

  add(bytes: Uint8Array | undefined): void {
    const record = bytes && parse(bytes);
    if (record === undefined) {
      this.#unread++;
      return;
    }
    const found = readOsvRecord(record);
    if (found.length > 0) this.#advisories++;
    const { modified } = fieldsOf(record);
    if (found.length > 0 && isTime(modified) && modified > this.#newest) this.#newest = modified;
    for (const { project, advisory } of found) {
      const packed = packAdvisory(advisory);
      this.#length += packed.length;
      if (this.#length > TEXT_LIMITS.keptAdvisoriesLength)
        throw new FormatError('too-big', `holds more than ${TEXT_LIMITS.keptAdvisoriesLength} characters to keep`);
      const before = this.#byProject.get(project);
      if (before) before.push(packed);
      else this.#byProject.set(project, [packed]);
    }
  }

  *lines(about: ReadFrom): Generator<string> {
    const lines = [...this.#byProject]
      .map(([project, packed]) => `${project} [${packed.sort().join(',')}]`)
      .sort((a, b) => (nameIn(a) < nameIn(b) ? -1 : 1));
    const hash = createHash('sha256');
    for (const line of lines) hash.update(`${line}\n`);
    const counts = { advisories: this.#advisories, projects: lines.length, unread: this.#unread, newest: this.#newest };
    yield headerOf({ ...about, generation: hash.digest('hex').slice(0, 32), ...counts });
    yield* lines;
  }
}

function nameIn(line: string): string {
  return line.slice(0, line.indexOf(' '));
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]{8,20}Z$/.test(value);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) ?? undefined;
  } catch {
    return undefined;
  }
}
