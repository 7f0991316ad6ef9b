/**
 * requirements.txt, as pip reads it: lines of requirements and options, `-r` and `-c` of other files, hashes, comments,
 * continued lines, `${VARIABLES}`.
 *
 * Source: pip's documentation, "Requirements File Format"; where it is vague as pip 26 does.
 */
import { FormatError } from '../problems.ts';
import { type Marker, type MarkerEnvironment, parseMarker } from '../standards/marker.ts';
import { quoted } from '../standards/quoted.ts';
import { parseRequirement, type Requirement } from '../standards/requirement.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { withoutCredentials } from '../standards/without-credentials.ts';
import { holds, type Needs, type NeedsFile, noNeeds, type PipOptions, type Wanted } from './wanted.ts';

export interface RequirementsSurroundings {
  /** The text of a file that another one names; `path` as `resolve` made it. @throws {KhoError} */
  read(path: string): string;
  /** A path as written in the file `from`. */
  resolve(path: string, from: string): string;
  /** Of the environment; undefined or empty when it is not set. */
  variable(name: string): string | undefined;
}

/** Files that name each other in a chain. */
const NESTING_LIMIT = TEXT_LIMITS.needsFileDepth;

interface Line {
  /** Undefined for what comes from elsewhere than an index. */
  requirement?: Requirement;
  /** As written, for people. */
  text: string;
  marker?: Marker;
  sha256s?: ReadonlySet<string>;
  from: string;
  isConstraint: boolean;
}

/** @throws {FormatError} `bad-metadata` for a line that pip would refuse; {KhoError} when a file cannot be read */
export function readRequirementsFile(path: string, surroundings: RequirementsSurroundings): NeedsFile {
  const reader = new RequirementsReader(surroundings);
  reader.read(path, false, []);
  return reader.result();
}

/** Requirements that are not in a file. @throws {FormatError} */
export function requirementList(texts: readonly string[]): NeedsFile {
  const reader = new RequirementsReader({ read: () => '', resolve: (path) => path, variable: () => undefined });
  for (const text of texts) reader.requirement(text, text, [], false);
  return reader.result();
}

class RequirementsReader {
  readonly #surroundings: RequirementsSurroundings;
  readonly #lines: Line[] = [];
  readonly #notes: string[] = [];
  #files = 0;
  readonly #options: PipOptions & { onlyBinary: Set<string>; noBinary: Set<string> } = {
    pre: false,
    preferBinary: false,
    onlyBinary: new Set<string>(),
    noBinary: new Set<string>(),
  };

  constructor(surroundings: RequirementsSurroundings) {
    this.#surroundings = surroundings;
  }

  result(): NeedsFile {
    return {
      isLocked: false,
      options: this.#options,
      notes: this.#notes,
      needsOf: (environments) => this.#needsOf(environments),
    };
  }

  read(path: string, isConstraint: boolean, parents: readonly string[]): void {
    if (parents.includes(path)) throw new FormatError('bad-metadata', `${quoted(path)} includes itself`);
    if (++this.#files > TEXT_LIMITS.needsFiles)
      throw new FormatError('bad-metadata', `${quoted(path)} is one of too many files that are included`);
    if (parents.length > NESTING_LIMIT) throw new FormatError('bad-metadata', `${quoted(path)} is included too deep`);
    for (const { text, number } of logicalLines(this.#surroundings.read(path))) {
      const line = this.#withVariables(text);
      try {
        this.#line(line, `${path} line ${number}`, isConstraint, [...parents, path]);
      } catch (error) {
        if (!(error instanceof FormatError) || error.message.startsWith('In ')) throw error;
        throw new FormatError('bad-metadata', `In ${path} line ${number}: ${error.message}`);
      }
    }
  }

  #line(line: string, from: string, isConstraint: boolean, parents: readonly string[]): void {
    const at = line.search(/(?:^|\s)-/);
    const requirement = (at < 0 ? line : line.slice(0, at)).trim();
    const options = readOptions(at < 0 ? '' : line.slice(at).trim());
    if (requirement !== '') {
      this.requirement(requirement, from, options, isConstraint);
      return;
    }
    for (const { name, value } of options) this.#option(name, value, from, isConstraint, parents);
  }

  requirement(written: string, from: string, options: readonly Option[], isConstraint: boolean): void {
    const { text, marker } = splitMarker(written);
    const shared = { text, from, isConstraint, ...(marker && { marker }) };
    if (isOutside(text)) {
      this.#lines.push(shared);
      return;
    }
    const hashes = options.filter(({ name }) => name === '--hash').map(({ value }) => value);
    const sha256s = hashes.filter((hash) => hash.startsWith('sha256:')).map((hash) => hash.slice('sha256:'.length));
    const requirement = parseRequirement(text);
    this.#lines.push({
      ...shared,
      requirement,
      // Of hashes of another kind kho knows nothing.
      ...(sha256s.length > 0 && sha256s.length === hashes.length && { sha256s: new Set(sha256s) }),
    });
  }

  /** What a constraints file names with -r are requirements, as with pip. */
  #other(path: string, from: string, isConstraint: boolean, parents: readonly string[]): void {
    if (/^(?:https?|ftp):/i.test(path)) {
      const what = `${isConstraint ? '-c' : '-r'} ${withoutCredentials(path)}`;
      this.#notes.push(`left out: ${what} (${from}): requirements are read from files only`);
      return;
    }
    this.read(this.#surroundings.resolve(path, parents.at(-1) as string), isConstraint, parents);
  }

  #option(name: string, value: string, from: string, isConstraint: boolean, parents: readonly string[]): void {
    switch (name) {
      case '-r':
      case '--requirement':
        this.#other(value, from, false, parents);
        break;
      case '-c':
      case '--constraint':
        this.#other(value, from, true, parents);
        break;
      case '-e':
      case '--editable':
        this.#lines.push({ ...splitMarker(value), from, isConstraint });
        break;
      case '--all-releases':
        this.#options.pre ||= value.split(',').includes(':all:');
        break;
      case '--pre':
        this.#options.pre = true;
        break;
      case '--prefer-binary':
        this.#options.preferBinary = true;
        break;
      case '--only-binary':
        changeControl(value, this.#options.onlyBinary, this.#options.noBinary);
        break;
      case '--no-binary':
        changeControl(value, this.#options.noBinary, this.#options.onlyBinary);
        break;
    }
  }

  #withVariables(line: string): string {
    return line.replace(/\$\{([A-Z0-9_]+)\}/g, (written, name: string) => this.#surroundings.variable(name) || written);
  }

  #needsOf(environments: readonly MarkerEnvironment[]): Needs {
    const needs = noNeeds();
    for (const { requirement, text, marker, sha256s, from, isConstraint } of this.#lines) {
      if (!holds(marker, withoutExtra(environments))) continue;
      if (requirement === undefined || requirement.url !== undefined) {
        needs.outside.push(`${withoutCredentials(text)} (${from})`);
        continue;
      }
      const { name, specifiers, extras } = requirement;
      const wanted: Wanted = { name, specifiers, extras, from, ...(sha256s && { sha256s }) };
      (isConstraint ? needs.constraints : needs.wanted).push(wanted);
    }
    return needs;
  }
}

function withoutExtra(environments: readonly MarkerEnvironment[]): MarkerEnvironment[] {
  return environments.map((environment) => ({ ...environment, extra: '' }));
}

/** As `str.splitlines` of Python, which pip splits with. */
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

/** Continued lines are joined, and comments are gone; `number` is that of the first. */
function logicalLines(text: string): { text: string; number: number }[] {
  const lines: { text: string; number: number }[] = [];
  let open: { text: string; number: number } | undefined;
  text
    .replace(/^\ufeff/, '')
    .split(LINE_END)
    .forEach((line, index) => {
      const isComment = /^\s*#/.test(line);
      if (line.endsWith('\\') && !isComment) {
        const part = withoutBackslashes(line);
        open = open ? { ...open, text: open.text + part } : { text: part, number: index + 1 };
        return;
      }
      // A comment in the middle of a continued line must stay one.
      const whole = open
        ? { ...open, text: open.text + (isComment ? ` ${line}` : line) }
        : { text: line, number: index + 1 };
      lines.push(whole);
      open = undefined;
    });
  if (open) lines.push(open);
  return lines
    .map(({ text, number }) => ({ text: withoutComment(text).trim(), number }))
    .filter(({ text }) => text !== '');
}

/** At both ends, as pip takes them away. By hand, as `withoutComment`: patterns would look at a long run again and again. */
function withoutBackslashes(line: string): string {
  let [start, end] = [0, line.length];
  while (start < end && line[start] === '\\') start++;
  while (end > start && line[end - 1] === '\\') end--;
  return line.slice(start, end);
}

/** A comment begins with a line, or after white space. */
function withoutComment(text: string): string {
  for (let at = text.indexOf('#'); at >= 0; at = text.indexOf('#', at + 1)) {
    if (at === 0 || /\s/.test(text.charAt(at - 1))) return text.slice(0, at);
  }
  return text;
}

interface Option {
  name: string;
  value: string;
}

/** Options that stand alone; all others take a value. */
const FLAGS = new Set(['--pre', '--prefer-binary', '--no-index', '--require-hashes', '--no-require-hashes']);

function readOptions(text: string): Option[] {
  const words = shellWords(text);
  const options: Option[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    if (equals > 0) options.push({ name: word.slice(0, equals), value: word.slice(equals + 1) });
    else if (/^-[^-]./.test(word)) options.push({ name: word.slice(0, 2), value: word.slice(2).replace(/^=/, '') });
    else if (FLAGS.has(word)) options.push({ name: word, value: '' });
    else options.push({ name: word, value: words[++index] ?? '' });
  }
  return options;
}

function shellWords(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  );
}

/** Of an address, `;` may be a part; pip splits before it looks at anything else. @throws {FormatError} */
function splitMarker(written: string): { text: string; marker?: Marker } {
  const separator = isAddress(written) ? '; ' : ';';
  const at = written.indexOf(separator);
  if (at < 0) return { text: written };
  const text = written.slice(0, at).trim();
  const marker = written.slice(at + separator.length).trim();
  if (marker === '') return { text };
  try {
    return { text, marker: parseMarker(marker) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const why = `${quoted(withoutCredentials(written))} is no valid requirement: ${error.message}`;
    throw new FormatError('bad-metadata', why);
  }
}

function isAddress(text: string): boolean {
  return /^[a-z][a-z+]*:/i.test(text);
}

/** A folder, a file or an address, which pip takes as it is: a slash makes a folder of it, but in the address after `name @`. */
function isOutside(text: string): boolean {
  const [first = ''] = text.split(/\s/);
  if (isAddress(first) || /^[./~]/.test(first) || /^[A-Za-z]:[\\/]/.test(first)) return true;
  if (text.split('@', 1)[0]?.includes('/')) return true;
  return !text.includes('@') && isArchive(first);
}

/** `a.whl`, or `a.whl[b]`. */
function isArchive(name: string): boolean {
  if (!name.endsWith(']')) return /(?:\.whl|\.zip|\.tar\.(?:gz|bz2|xz)|\.tgz)$/i.test(name);
  const inner = name.slice(0, -1);
  return /(?:\.whl|\.zip|\.tar\.(?:gz|bz2|xz)|\.tgz)\[/i.test(inner.slice(inner.lastIndexOf(']') + 1));
}

/** As pip keeps the two apart: what one takes, the other loses. */
function changeControl(value: string, target: Set<string>, other: Set<string>): void {
  for (const name of value.split(',').map((part) => part.trim())) {
    if (name === ':none:') target.clear();
    else if (name === ':all:') {
      target.clear();
      other.clear();
      target.add(name);
    } else if (name !== '') {
      const normalized = name.replace(/[-_.]+/g, '-').toLowerCase();
      other.delete(normalized);
      target.add(normalized);
    }
  }
}
