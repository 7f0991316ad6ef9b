/**
 * Environment markers: `python_version < "3.11" and sys_platform == "linux"`.
 *
 * Source: PyPA "Dependency specifiers" (PEP 508), "pylock.toml" (PEP 751) for `extras` and `dependency_groups`; where they
 * are vague as the Python library `packaging` reads them, since pip decides with it.
 */
import { FormatError } from '../problems.ts';
import { foldName } from './name.ts';
import { quoted } from './quoted.ts';
import { isValidSpecifierSet, specifierSetContains } from './specifier.ts';
import { TEXT_LIMITS } from './text-limits.ts';

const VARIABLES = [
  'implementation_name',
  'implementation_version',
  'os_name',
  'platform_machine',
  'platform_python_implementation',
  'platform_release',
  'platform_system',
  'platform_version',
  'python_full_version',
  'python_version',
  'sys_platform',
  'extra',
  'extras',
  'dependency_groups',
] as const;
type Variable = (typeof VARIABLES)[number];
type SetVariable = 'extras' | 'dependency_groups';

/** What the variables are on some machine. `extras` and `dependency_groups` are for lock files only. */
export type MarkerEnvironment = Readonly<Record<Exclude<Variable, SetVariable | 'extra'>, string>> & {
  /** Of several that are on, as lock files have it, each counts: `==` when one of them is it. */
  readonly extra?: string | NameSet;
} & { readonly [name in SetVariable]?: NameSet };

/** Of extras or groups, as `normalizeExtra` writes them. Markers ask it, and never go through it: there may be as many of both. */
export interface NameSet {
  has(name: string): boolean;
}

export type Marker =
  | { readonly type: 'and' | 'or'; readonly parts: readonly Marker[] }
  | { readonly type: 'comparison'; readonly left: Operand; readonly operator: Operator; readonly right: Operand };

interface Operand {
  /** Whether `text` is the name of a variable. */
  isVariable: boolean;
  text: string;
}

type Operator = '===' | '==' | '~=' | '!=' | '<=' | '>=' | '<' | '>' | 'in' | 'not in';

/** @throws {FormatError} `bad-metadata` */
export function parseMarker(text: string): Marker {
  const parser = new MarkerParser(text);
  const marker = parser.either(0);
  parser.end();
  return marker;
}

/** The pieces that a marker is made of, each from where the reading is, with the white space after it. */
const PIECES = {
  open: /\([ \t]*/y,
  close: /\)[ \t]*/y,
  and: /and\b[ \t]*/y,
  or: /or\b[ \t]*/y,
  operator: /(===|==|~=|!=|<=|>=|<|>|in\b|not[ \t]+in\b)[ \t]*/y,
  variable: /([a-z]+(?:[._][a-z]+)*)\b[ \t]*/y,
  text: /(?:'([^'\n]*)'|"([^"\n]*)")[ \t]*/y,
} as const;

class MarkerParser {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    if (text.length > TEXT_LIMITS.markerLength)
      throw new FormatError('bad-metadata', `${quoted(text)} is too long for a marker`);
    this.#text = text;
    this.#position = /^[ \t]*/.exec(text)![0].length;
  }

  either(depth: number): Marker {
    const parts = [this.both(depth)];
    while (this.#take('or')) parts.push(this.both(depth));
    return parts.length === 1 ? parts[0]! : { type: 'or', parts };
  }

  both(depth: number): Marker {
    const parts = [this.#part(depth)];
    while (this.#take('and')) parts.push(this.#part(depth));
    return parts.length === 1 ? parts[0]! : { type: 'and', parts };
  }

  end(): void {
    if (this.#position < this.#text.length) throw this.#fault('the end');
  }

  #part(depth: number): Marker {
    if (this.#take('open')) {
      if (depth === TEXT_LIMITS.markerDepth) throw this.#fault('fewer parentheses');
      const marker = this.either(depth + 1);
      if (!this.#take('close')) throw this.#fault('")"');
      return marker;
    }
    const left = this.#operand();
    const operator = this.#take('operator')?.[1]?.replace(/\s+/, ' ') as Operator | undefined;
    if (operator === undefined) throw this.#fault('a comparison');
    return { type: 'comparison', left, operator, right: this.#operand() };
  }

  #operand(): Operand {
    const text = this.#take('text');
    if (text) return { isVariable: false, text: unescaped(text[1] ?? text[2] ?? '') };
    const variable = readVariable(this.#take('variable')?.[1]);
    if (variable === undefined) throw this.#fault('a variable or a text in quotes');
    return { isVariable: true, text: variable };
  }

  #take(piece: keyof typeof PIECES): RegExpExecArray | undefined {
    const pattern = PIECES[piece];
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text);
    if (match) this.#position = pattern.lastIndex;
    return match ?? undefined;
  }

  #fault(expected: string): FormatError {
    const where = `${expected} is missing at character ${this.#position + 1}`;
    return new FormatError('bad-metadata', `${quoted(this.#text)} is no valid marker: ${where}`);
  }
}

/** Some have older names with dots. */
function readVariable(written: string | undefined): Variable | undefined {
  if (written === 'python_implementation') return 'platform_python_implementation';
  const name = /^(?:os|sys|platform)\./.test(written ?? '') ? written?.replace('.', '_') : written;
  return VARIABLES.find((variable) => variable === name);
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };

/** Texts are those of Python. */
function unescaped(text: string): string {
  return text.includes('\\')
    ? text.replace(/\\(.)/g, (written, character: string) => ESCAPES[character] ?? written)
    : text;
}

/** @throws {FormatError} `bad-metadata` for a comparison that has no meaning, or a variable that this environment lacks */
export function evaluateMarker(marker: Marker, environment: MarkerEnvironment): boolean {
  // All parts, as packaging does: what has no meaning is a fault wherever it stands.
  if (marker.type !== 'comparison') {
    const results = marker.parts.map((part) => evaluateMarker(part, environment));
    return marker.type === 'and' ? results.every(Boolean) : results.some(Boolean);
  }
  const { left, operator, right } = marker;
  const key = (left.isVariable ? left : right).text;
  if (!left.isVariable && !right.isVariable) throw noMeaning(marker);
  const value = environment[key as Variable];
  if (value === undefined) throw new FormatError('bad-metadata', `A marker asks for ${key}, which is not known here`);
  if (typeof value !== 'string') {
    if (key === 'extra') return compareExtras(value, operator, (left.isVariable ? right : left).text, marker);
    if (left.isVariable) throw noMeaning(marker);
    return compareWithSet(normalizeExtra(left.text), operator, value, marker);
  }
  // Of two variables the right one counts as its name.
  const [a, b] = left.isVariable ? [value, right.text] : [left.text, value];
  if (key === 'extra') return compareTexts(normalizeExtra(a), operator, normalizeExtra(b), marker);
  return VERSIONS.has(key) ? compareVersionsOrTexts(a, operator, b, marker) : compareTexts(a, operator, b, marker);
}

const VERSIONS = new Set(['implementation_version', 'platform_release', 'python_full_version', 'python_version']);

function compareVersionsOrTexts(left: string, operator: Operator, right: string, marker: Marker): boolean {
  // A comma is no part of a version, but of what `===` compares as text.
  if (operator === '===' && !/[\s;)]/.test(right)) return left.toLowerCase() === right.toLowerCase();
  const specifier = `${operator}${right}`;
  if (right.includes(',') || !isValidSpecifierSet(specifier)) return compareTexts(left, operator, right, marker);
  return specifierSetContains(specifier, left);
}

function compareTexts(left: string, operator: Operator, right: string, marker: Marker): boolean {
  switch (operator) {
    case 'in':
      return right.includes(left);
    case 'not in':
      return !right.includes(left);
    case '==':
    case '<=':
    case '>=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
    case '>':
      return false;
    default:
      throw noMeaning(marker);
  }
}

function compareExtras(extras: NameSet, operator: Operator, written: string, marker: Marker): boolean {
  if (operator !== '==' && operator !== '!=') throw noMeaning(marker);
  return extras.has(normalizeExtra(written)) === (operator === '==');
}

function compareWithSet(left: string, operator: Operator, right: NameSet, marker: Marker): boolean {
  if (operator === 'in') return right.has(left);
  if (operator === 'not in') return !right.has(left);
  // A text is never a set.
  if (operator === '~=' || operator === '===') throw noMeaning(marker);
  return operator === '!=';
}

/** As names of extras are compared (PEP 685). */
export function normalizeExtra(extra: string): string {
  return foldName(extra);
}

function noMeaning(marker: Marker): FormatError {
  const show = ({ isVariable, text }: Operand) => (isVariable ? text : `"${text}"`);
  const what =
    marker.type === 'comparison' ? `${show(marker.left)} ${marker.operator} ${show(marker.right)}` : marker.type;
  return new FormatError('bad-metadata', `A marker compares what cannot be compared: ${quoted(what)}`);
}
