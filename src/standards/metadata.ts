/**
 * Core metadata: METADATA of a wheel, PKG-INFO of an sdist.
 *
 * Source: PyPA "Core metadata specifications", version 2.6. Read as installers do (email-message.ts), and
 * leniently: fields of unknown names are left out, of a field that may occur once the first counts.
 */
import { FormatError } from '../problems.ts';
import { parseEmailMessage } from './email-message.ts';
import { quoted } from './quoted.ts';
import { stripWhiteSpace } from './white-space.ts';

/**
 * All fields of the standard, the old ones too. An empty value, or `UNKNOWN` as old tools wrote it, is absent.
 * Values are as written, without the white space around them; nothing in them is checked, escaped or safe.
 * Line breaks (`\n`) are only in `description`, `license`, `author` and `maintainer`.
 */
export interface CoreMetadata {
  /** Absent in damaged old files only. */
  metadataVersion?: string;
  name: string;
  version: string;
  dynamic: string[];
  platforms: string[];
  supportedPlatforms: string[];
  summary?: string;
  /** The body as it stands (its line ends too), or else the header `Description`, without its indent. */
  description?: string;
  /** `text/markdown; charset=UTF-8; variant=GFM`. */
  descriptionContentType?: string;
  /** A list in one text, separated by commas, in old files by blanks. */
  keywords?: string;
  author?: string;
  authorEmail?: string;
  maintainer?: string;
  maintainerEmail?: string;
  license?: string;
  /** SPDX. */
  licenseExpression?: string;
  licenseFiles: string[];
  classifiers: string[];
  /** PEP 508. */
  requiresDist: string[];
  requiresPython?: string;
  requiresExternal: string[];
  /** As written: `Label, https://…`. */
  projectUrls: string[];
  homePage?: string;
  downloadUrl?: string;
  providesExtra: string[];
  providesDist: string[];
  obsoletesDist: string[];
  importNames: string[];
  importNamespaces: string[];
  requires: string[];
  provides: string[];
  obsoletes: string[];
}

type ListField = { [K in keyof CoreMetadata]-?: CoreMetadata[K] extends string[] ? K : never }[keyof CoreMetadata];
type TextField = Exclude<keyof CoreMetadata, ListField>;

/** By header, in lower case. */
const TEXT_FIELDS = new Map<string, TextField>([
  ['metadata-version', 'metadataVersion'],
  ['name', 'name'],
  ['version', 'version'],
  ['summary', 'summary'],
  ['description', 'description'],
  ['description-content-type', 'descriptionContentType'],
  ['keywords', 'keywords'],
  ['author', 'author'],
  ['author-email', 'authorEmail'],
  ['maintainer', 'maintainer'],
  ['maintainer-email', 'maintainerEmail'],
  ['license', 'license'],
  ['license-expression', 'licenseExpression'],
  ['requires-python', 'requiresPython'],
  ['home-page', 'homePage'],
  ['download-url', 'downloadUrl'],
]);

const LIST_FIELDS = new Map<string, ListField>([
  ['dynamic', 'dynamic'],
  ['platform', 'platforms'],
  ['supported-platform', 'supportedPlatforms'],
  ['license-file', 'licenseFiles'],
  ['classifier', 'classifiers'],
  ['requires-dist', 'requiresDist'],
  ['requires-external', 'requiresExternal'],
  ['project-url', 'projectUrls'],
  ['provides-extra', 'providesExtra'],
  ['provides-dist', 'providesDist'],
  ['obsoletes-dist', 'obsoletesDist'],
  ['import-name', 'importNames'],
  ['import-namespace', 'importNamespaces'],
  ['requires', 'requires'],
  ['provides', 'provides'],
  ['obsoletes', 'obsoletes'],
]);

const KEEPS_LINES: ReadonlySet<TextField> = new Set(['description', 'license', 'author', 'maintainer']);

/** The last major version that kho understands. A greater one may mean anything, so the standard says to refuse it. */
const METADATA_MAJOR = 2;

/**
 * Never trips over bytes: what is no UTF-8 is read as Windows-1252.
 *
 * @throws {FormatError} `bad-metadata` when Name or Version is missing, or Metadata-Version is from the future.
 */
export function parseMetadata(bytes: Uint8Array): CoreMetadata {
  const { headers, body } = parseEmailMessage(bytes);
  const texts: Partial<Record<TextField, string>> = {};
  const lists = emptyLists();
  for (const [header, raw] of headers) {
    const name = header.toLowerCase();
    const text = TEXT_FIELDS.get(name);
    const list = LIST_FIELDS.get(name);
    if (text !== undefined) {
      const value = KEEPS_LINES.has(text) ? unindent(raw) : onOneLine(raw);
      // A package may be called UNKNOWN: setuptools calls so what tells it no name.
      if (!isAbsent(value) || (text === 'name' && value !== '')) texts[text] ??= value;
    } else if (list !== undefined) {
      const value = onOneLine(raw);
      if (!isAbsent(value)) lists[list].push(value);
    }
  }
  if (!isAbsent(stripWhiteSpace(body))) texts.description = body;

  const { name, version, metadataVersion = '', requiresPython } = texts;
  if (Number.parseInt(metadataVersion, 10) > METADATA_MAJOR) {
    throw new FormatError(
      'bad-metadata',
      `says Metadata-Version ${quoted(metadataVersion)}; kho knows those up to ${METADATA_MAJOR}.x`,
      'look for a newer kho',
    );
  }
  if (name === undefined) throw new FormatError('bad-metadata', 'has no Name in its metadata');
  if (version === undefined) throw new FormatError('bad-metadata', 'has no Version in its metadata');
  if (requiresPython !== undefined) texts.requiresPython = ownCopy(requiresPython);
  return { ...texts, name: ownCopy(name), version: ownCopy(version), ...lists };
}

function emptyLists(): Record<ListField, string[]> {
  return {
    dynamic: [],
    platforms: [],
    supportedPlatforms: [],
    licenseFiles: [],
    classifiers: [],
    requiresDist: [],
    requiresExternal: [],
    projectUrls: [],
    providesExtra: [],
    providesDist: [],
    obsoletesDist: [],
    importNames: [],
    importNamespaces: [],
    requires: [],
    provides: [],
    obsoletes: [],
  };
}

function isAbsent(value: string): boolean {
  return value === '' || value === 'UNKNOWN';
}

function onOneLine(raw: string): string {
  if (!raw.includes('\n')) return stripWhiteSpace(raw);
  const lines = raw.split('\n').map(stripWhiteSpace);
  return lines.filter((line) => line !== '').join(' ');
}

/**
 * Two ways to keep the lines of a text in a header: an indent of 8 blanks, which Python's importlib.metadata
 * takes away as far as all lines have it, or 7 blanks and a bar.
 */
function unindent(raw: string): string {
  if (!raw.includes('\n')) return stripWhiteSpace(raw);
  const [first = '', ...rest] = raw.split('\n');
  const isEmpty = (line: string) => stripWhiteSpace(line) === '';
  const filled = rest.filter((line) => !isEmpty(line));
  const bars = filled.length > 0 && filled.every((line) => line.startsWith(BAR_INDENT));
  const indent = bars ? BAR_INDENT.length : filled.reduce((least, line) => Math.min(least, indentOf(line)), 8);
  const lines = [first, ...rest.map((line) => (isEmpty(line) ? '' : line.slice(indent)))];
  return stripWhiteSpace(lines.join('\n'));
}

function indentOf(line: string): number {
  return line.length - line.replace(/^ +/, '').length;
}

const BAR_INDENT = '       |';

/** A piece of a text keeps the whole text in memory; the index keeps these pieces of all packages. */
function ownCopy(text: string): string {
  return Buffer.from(text).toString();
}
