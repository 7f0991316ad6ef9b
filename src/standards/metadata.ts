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
  metadataVersion?: string | undefined;
  name: string;
  version: string;
  dynamic: string[];
  platforms: string[];
  supportedPlatforms: string[];
  summary?: string | undefined;
  /** The body as it stands (its line ends too), or else the header `Description`, without its indent. */
  description?: string | undefined;
  /** `text/markdown; charset=UTF-8; variant=GFM`. */
  descriptionContentType?: string | undefined;
  /** A list in one text, separated by commas, in old files by blanks. */
  keywords?: string | undefined;
  author?: string | undefined;
  authorEmail?: string | undefined;
  maintainer?: string | undefined;
  maintainerEmail?: string | undefined;
  license?: string | undefined;
  /** SPDX. */
  licenseExpression?: string | undefined;
  licenseFiles: string[];
  classifiers: string[];
  /** PEP 508. */
  requiresDist: string[];
  requiresPython?: string | undefined;
  requiresExternal: string[];
  /** As written: `Label, https://…`. */
  projectUrls: string[];
  homePage?: string | undefined;
  downloadUrl?: string | undefined;
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

/** Which field a header fills, and how its lines are read. */
type HeaderUse = { text: TextField; keepsLines?: true; list?: never } | { list: ListField; text?: never };

/** By header as the standard spells it. */
export const HEADERS: Readonly<Record<string, HeaderUse>> = {
  'Metadata-Version': { text: 'metadataVersion' },
  Name: { text: 'name' },
  Version: { text: 'version' },
  Dynamic: { list: 'dynamic' },
  Platform: { list: 'platforms' },
  'Supported-Platform': { list: 'supportedPlatforms' },
  Summary: { text: 'summary' },
  Description: { text: 'description', keepsLines: true },
  'Description-Content-Type': { text: 'descriptionContentType' },
  Keywords: { text: 'keywords' },
  Author: { text: 'author', keepsLines: true },
  'Author-email': { text: 'authorEmail' },
  Maintainer: { text: 'maintainer', keepsLines: true },
  'Maintainer-email': { text: 'maintainerEmail' },
  License: { text: 'license', keepsLines: true },
  'License-Expression': { text: 'licenseExpression' },
  'License-File': { list: 'licenseFiles' },
  Classifier: { list: 'classifiers' },
  'Requires-Dist': { list: 'requiresDist' },
  'Requires-Python': { text: 'requiresPython' },
  'Requires-External': { list: 'requiresExternal' },
  'Project-URL': { list: 'projectUrls' },
  'Home-page': { text: 'homePage' },
  'Download-URL': { text: 'downloadUrl' },
  'Provides-Extra': { list: 'providesExtra' },
  'Provides-Dist': { list: 'providesDist' },
  'Obsoletes-Dist': { list: 'obsoletesDist' },
  'Import-Name': { list: 'importNames' },
  'Import-Namespace': { list: 'importNamespaces' },
  Requires: { list: 'requires' },
  Provides: { list: 'provides' },
  Obsoletes: { list: 'obsoletes' },
};

/** Any case will do; nearly all files have the standard's, which is found without lower-casing. */
const HEADER_USES = new Map(
  Object.entries(HEADERS).flatMap(([header, use]) => [
    [header.toLowerCase(), use],
    [header, use],
  ]),
);

/** The last major version that kho understands. A greater one may mean anything, so the standard says to refuse it. */
const METADATA_MAJOR = 2;

/**
 * Never trips over bytes: what is no UTF-8 is read as Windows-1252.
 *
 * @throws {FormatError} `bad-metadata` when Name or Version is missing, or Metadata-Version is from the future.
 */
export function parseMetadata(bytes: Uint8Array): CoreMetadata {
  const { headers, body } = parseEmailMessage(bytes);
  const fields = emptyFields();
  for (const [header, raw] of headers) {
    const use = HEADER_USES.get(header) ?? HEADER_USES.get(header.toLowerCase());
    if (use?.text !== undefined) {
      const value = use.keepsLines ? unindent(raw) : onOneLine(raw);
      // A package may be called UNKNOWN: setuptools calls so what tells it no name.
      if (!isAbsent(value) || (use.text === 'name' && value !== '')) fields[use.text] ??= value;
    } else if (use) {
      const value = onOneLine(raw);
      if (!isAbsent(value)) fields[use.list].push(value);
    }
  }
  if (!isAbsent(stripWhiteSpace(body))) fields.description = body;

  const { name, version, metadataVersion = '', requiresPython } = fields;
  if (Number.parseInt(metadataVersion, 10) > METADATA_MAJOR) {
    throw new FormatError(
      'bad-metadata',
      `says Metadata-Version ${quoted(metadataVersion)}; kho knows those up to ${METADATA_MAJOR}.x`,
      'look for a newer kho',
    );
  }
  if (name === undefined) throw new FormatError('bad-metadata', 'has no Name in its metadata');
  if (version === undefined) throw new FormatError('bad-metadata', 'has no Version in its metadata');
  fields.name = ownCopy(name);
  fields.version = ownCopy(version);
  fields.requiresPython = requiresPython && ownCopy(requiresPython);
  return fields as CoreMetadata;
}

/** All keys from the start and in one order: objects that are alike are faster to make, fill and read. */
function emptyFields(): Record<TextField, string | undefined> & Record<ListField, string[]> {
  return {
    metadataVersion: undefined,
    name: undefined,
    version: undefined,
    summary: undefined,
    descriptionContentType: undefined,
    keywords: undefined,
    homePage: undefined,
    downloadUrl: undefined,
    author: undefined,
    authorEmail: undefined,
    maintainer: undefined,
    maintainerEmail: undefined,
    license: undefined,
    licenseExpression: undefined,
    requiresPython: undefined,
    description: undefined,
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

/** V8 copies a shorter piece of a text anyway. In characters. */
const SHORTEST_PIECE = 13;

/**
 * A piece of a text keeps the whole text in memory. Versions are remembered for long (version.ts); what holds the others was
 * not traced, but without their copies the peak of a build of 10,000 files was 20 MB higher.
 */
function ownCopy(text: string): string {
  return text.length < SHORTEST_PIECE ? text : Buffer.from(text).toString();
}
