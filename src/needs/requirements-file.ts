/**
 * requirements.txt, as pip reads it: lines of requirements and options, `-r` and `-c` of other files, hashes, comments,
 * continued lines, `${VARIABLES}`.
 *
 * Source: pip's documentation, "Requirements File Format"; where it is vague as pip 26 does.
 */

import type { PipOptions } from '../catalog/candidate.ts';
import { FormatError } from '../problems.ts';
import type { Marker, MarkerEnvironment } from '../standards/marker.ts';
import { quoted } from '../standards/quoted.ts';
import { parseRequirement, type Requirement } from '../standards/requirement.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { withoutCredentials } from '../standards/without-credentials.ts';
import { logicalLines } from './logical-lines.ts';
import { isOutside, splitMarker } from './requirement-line.ts';
import { changeControl, type Option, readOptions } from './requirements-options.ts';
import { holds, type Needs, type NeedsFile, noNeeds, type Wanted } from './wanted.ts';

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

interface DemandLine {
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
  readonly #lines: DemandLine[] = [];
  readonly #notes: string[] = [];
  readonly #leftOut: string[] = [];
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
      leftOut: this.#leftOut,
      needsOf: (environments) => this.#needsOf((marker) => holds(marker, withoutExtra(environments))),
      named: () => this.#needsOf(() => true),
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
      this.#leftOut.push(`${what} (${from})`);
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

  #needsOf(counts: (marker: Marker | undefined) => boolean): Needs {
    const needs = noNeeds();
    for (const { requirement, text, marker, sha256s, from, isConstraint } of this.#lines) {
      if (!counts(marker)) continue;
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
