/**
 * What is no page of an index, though it came with 200: a page that people sign in with, one that is cut off, one of another
 * project. All of it would otherwise be read as a project without files.
 *
 * Source: PyPA "Simple repository API" (PEP 503, 629, 691), and what gets in between.
 */
import { FormatError } from '../problems.ts';
import { foldName, type NormalizedName, normalizeName } from '../standards/name.ts';
import { quoted } from '../standards/quoted.ts';

/** Its message says why, in words that follow an address. */
export class NoIndexPage extends Error {
  override readonly name = 'NoIndexPage';
}

/** @throws {NoIndexPage} */
export function readJsonPage(
  text: string,
  project: NormalizedName,
): { files: Record<string, unknown>[]; status: Record<string, unknown> } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new NoIndexPage('is cut off, or no JSON');
  }
  const page = record(parsed);
  const { name, files } = page;
  const version = record(page['meta'])['api-version'];
  if (!Array.isArray(files) || typeof name !== 'string') throw new NoIndexPage('is no page of an index');
  if (typeof version !== 'string' || !/^1\.\d+$/.test(version))
    throw new NoIndexPage(`is of version ${quoted(String(version))} of the API, and kho knows 1`);
  if (!isName(name, project)) throw new NoIndexPage(`is the page of ${quoted(name)}`);
  return { files: files.map(record), status: record(page['project-status']) };
}

/**
 * @param entries all of its links
 * @param files how many of them are files of this project
 * @throws {NoIndexPage}
 */
export function checkHtmlPage(
  text: string,
  entries: readonly { filename: unknown }[],
  files: number,
  project: NormalizedName,
): void {
  const saysSo = /pypi:repository-version/i.test(text);
  if (!saysSo && files === 0) throw new NoIndexPage('is no page of an index, but one for people');
  if (!isWhole(text)) throw new NoIndexPage('is cut off');
  const packages = entries.flatMap(({ filename }) =>
    typeof filename === 'string' && /\.(?:whl|zip|tar\.\w+|tgz)$/i.test(filename) ? [filename] : [],
  );
  if (packages.length > 0 && !packages.some((filename) => mayBeOf(filename, project)))
    throw new NoIndexPage(`is the page of another project: it has ${quoted(packages[0] as string)}`);
}

/** It ends with a closing tag; after that there may be comments, as the biggest index has them. */
function isWhole(text: string): boolean {
  let end = text.trimEnd();
  while (end.endsWith('-->')) {
    const start = end.lastIndexOf('<!--');
    if (start < 0) return false;
    end = end.slice(0, start).trimEnd();
  }
  const tag = end.lastIndexOf('<');
  return tag >= 0 && /^<\/[a-z][a-z0-9]*\s*>$/i.test(end.slice(tag));
}

function mayBeOf(filename: string, project: NormalizedName): boolean {
  return foldName(filename).startsWith(`${project}-`);
}

function isName(name: string, project: NormalizedName): boolean {
  try {
    return normalizeName(name) === project;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return false;
  }
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
