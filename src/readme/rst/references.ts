import { slug } from '../html/anchors.ts';
import { indentOf, isAdornment, isBlank, isUnderline, type Lines } from './lines.ts';

/** What a text defines somewhere and uses anywhere. */
export interface References {
  /** Addresses by name, see `referenceName`. */
  targets: Map<string, string>;
  /** Addresses for the references without a name, in the order of both. */
  anonymous: string[];
  /** Numbers of footnotes that have a name and get one by themselves: `[#name]_`. */
  footnotes: Map<string, number>;
  /** The directive behind `|name|`: its name, argument and further lines. */
  substitutions: Map<string, { directive: string; argument: string; lines: string[] }>;
}

/** Names are compared so: any case, any white space. */
export function referenceName(text: string): string {
  return text.replace(/\\(.)/g, '$1').trim().replace(/\s+/g, ' ').toLowerCase();
}

const TARGET = /^\s*\.\. _(`[^`]+`|(?:\\.|[^:\\])+|_):(?: +(.*))?$/s;
const ANONYMOUS = /^\s*__ +(\S.*)$/;
const FOOTNOTE = /^\s*\.\. \[(?:#([\w.-]+)|(\d{1,3}))\] /;
const SUBSTITUTION = /^\s*\.\. \|([^|]+)\| +([\w-]+):: *(.*)$/s;

/** Find all definitions, wherever they stand. */
export function collectReferences(lines: Lines): References {
  const found: References = { targets: new Map(), anonymous: [], footnotes: new Map(), substitutions: new Map() };
  lines.forEach((line, place) => {
    if (!line.includes('.. ') && !line.includes('__ ')) return;
    const [, name, rest = ''] = TARGET.exec(line) ?? [];
    if (name !== undefined) {
      const address = (rest.trim() + continuation(lines, place)).replace(/\s+/g, '');
      if (name === '_') found.anonymous.push(address);
      else found.targets.set(referenceName(name.replace(/^`|`$/g, '')), address);
      return;
    }
    const [, anonymous] = ANONYMOUS.exec(line) ?? [];
    if (anonymous !== undefined) found.anonymous.push((anonymous + continuation(lines, place)).replace(/\s+/g, ''));
    const [, footnote] = FOOTNOTE.exec(line) ?? [];
    if (footnote !== undefined && !found.footnotes.has(footnote)) found.footnotes.set(footnote, 0);
    const [, substituted, directive = '', argument = ''] = SUBSTITUTION.exec(line) ?? [];
    if (substituted !== undefined) {
      const more: string[] = [];
      const indent = indentOf(line);
      for (let next = place + 1; next < lines.length && isFurtherIn(lines[next] as string, indent); next++)
        more.push(lines[next] as string);
      found.substitutions.set(referenceName(substituted), { directive, argument, lines: more });
    }
  });
  addTitles(lines, found.targets);
  resolveAliases(found.targets);
  found.anonymous.forEach((address, place) => {
    found.anonymous[place] = resolveAlias(address, found.targets);
  });
  numberFootnotes(found.footnotes, lines);
  return found;
}

function isFurtherIn(line: string, indent: number): boolean {
  return !isBlank(line) && indentOf(line) > indent;
}

/** In the order in which they stand, past the numbers that the author gave. */
function numberFootnotes(footnotes: Map<string, number>, lines: Lines): void {
  const given = new Set(footnotes.size === 0 ? [] : lines.map((line) => Number(FOOTNOTE.exec(line)?.[2])));
  let number = 0;
  for (const name of footnotes.keys()) {
    do number++;
    while (given.has(number));
    footnotes.set(name, number);
  }
}

/** Each title is a target too, unless something else has its name. */
function addTitles(lines: Lines, targets: Map<string, string>): void {
  for (let place = 1; place < lines.length; place++) {
    const title = lines[place - 1] as string;
    if (isBlank(title) || isAdornment(title) || !isUnderline(lines[place] as string, title)) continue;
    const name = referenceName(title);
    if (!targets.has(name)) targets.set(name, `#${slug(title)}`);
  }
}

/** An address may go on on the next lines, further in. */
function continuation(lines: Lines, place: number): string {
  const indent = /^\s*/.exec(lines[place] as string)?.[0].length ?? 0;
  let text = '';
  for (let next = place + 1; next < Math.min(lines.length, place + 5); next++) {
    const line = lines[next] as string;
    if (isBlank(line) || line.length - line.trimStart().length <= indent) break;
    text += line.trim();
  }
  return text;
}

function resolveAliases(targets: Map<string, string>): void {
  for (const [name, address] of targets) targets.set(name, resolveAlias(address, targets));
}

/** `.. _a: b_` means the same as b; in a chain of these, up to five. */
function resolveAlias(address: string, targets: ReadonlyMap<string, string>): string {
  let at = address;
  for (let hops = 0; hops < 5; hops++) {
    const [, alias] = /^`?([^`<>]+?)`?_$/.exec(at) ?? [];
    const next = alias === undefined ? undefined : targets.get(referenceName(alias));
    if (next === undefined) break;
    at = next;
  }
  return at;
}
