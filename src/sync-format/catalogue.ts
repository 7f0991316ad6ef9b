/**
 * `REPO/sync/SHA256.jsonl`: all files that a repository lists, with what installers need to know of them, a line of JSON each, and a line
 * for each project with a status. Projects are sorted, a project's status stands before its files, and these are sorted by path (all by
 * UTF-16 units), so one catalogue has one text. What reads it believes nothing: whoever may write it may not write elsewhere by it.
 */
import { FormatError } from '../problems.ts';
import { quoted } from '../standards/quoted.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import type { Catalogue, CatalogueFile, CatalogueStatus } from './catalogue-file.ts';
import { fileLine, readCatalogueLine, statusLine } from './catalogue-line.ts';
import { SYNC_FOLDER } from './sync-names.ts';

export type { Catalogue, CatalogueFile, CatalogueStatus } from './catalogue-file.ts';

/** @param sha256 of its bytes, unpacked. With `.br` behind it lies packed beside itself. */
export function cataloguePath(sha256: string): string {
  return `${SYNC_FOLDER}/${sha256}.jsonl`;
}

/** The lines of one project, each with its line break, in their order. */
export function projectLines(files: readonly CatalogueFile[], status: CatalogueStatus | undefined): string {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const lines = [...(status ? [statusLine(status)] : []), ...sorted.map(fileLine)];
  return lines.map((line) => `${line}\n`).join('');
}

/** Whether `readCatalogue` would take such a file. */
export function isCatalogueFile(file: CatalogueFile): boolean {
  try {
    readCatalogueLine(fileLine(file), notOne);
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

/** @throws {FormatError} `bad-catalogue` when it is not one, or says something that no kho would */
export function readCatalogue(text: string): Catalogue {
  if (text.length > TEXT_LIMITS.catalogueBytes)
    throw notOne(`it has more than ${TEXT_LIMITS.catalogueBytes} characters`);
  if (text !== '' && !text.endsWith('\n')) throw notOne('it ends within a line');
  const catalogue: Catalogue = { files: [], statuses: [] };
  const places = new Places();
  let before = '';
  let number = 0;
  for (let start = 0; start < text.length; ) {
    number++;
    const end = text.indexOf('\n', start);
    const { file, status } = readCatalogueLine(text.slice(start, end), (why) => notOne(`line ${number}: ${why}`));
    const key = file ? `${file.project}\0${file.path}` : `${status.project}\0`;
    if (key <= before && before !== '') throw notOne(`line ${number}: it stands there twice, or out of order`);
    before = key;
    if (file) {
      const fault = places.take(file);
      if (fault !== undefined) throw notOne(`line ${number}: ${fault}`);
      catalogue.files.push(file);
    } else {
      catalogue.statuses.push(status);
    }
    start = end + 1;
  }
  return catalogue;
}

function notOne(why: string): FormatError {
  return new FormatError('bad-catalogue', `Cannot read the catalogue of a repository: ${why}`);
}

/** Where files are to lie: each path once, and none where another needs a folder. */
class Places {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  /** @returns what is wrong with it */
  take({ path }: CatalogueFile): string | undefined {
    if (this.#files.has(path)) return `the path ${quoted(path)} is there twice`;
    if (this.#folders.has(path)) return `${quoted(path)} is a file and a folder`;
    this.#files.add(path);
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (this.#folders.has(folder)) break;
      if (this.#files.has(folder)) return `${quoted(folder)} is a file and a folder`;
      this.#folders.add(folder);
    }
    return undefined;
  }
}
