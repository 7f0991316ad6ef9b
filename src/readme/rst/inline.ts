import { slug } from '../html/anchors.ts';
import { escapeText } from '../html/escape.ts';
import { imageHtml } from './image.ts';
import { type References, referenceName } from './references.ts';

/** What stands between its marks may be so long. */
const LONGEST = 2000;

/** What is put in for names between bars in a whole text, in characters; each counts for some more than it has. */
const MOST_SUBSTITUTED = 200_000;
const LEAST_SUBSTITUTED = 100;

/** Before and after marks, so that `2*3*4` and `snake_case_` in a word stay what they are. */
const BEFORE = String.raw`(?<=^|[\s'"(\[{<\-/:\u2010-\u201f])`;
const AFTER = String.raw`(?=$|[\s'")\]}>\-/:.,;!?\\\u2010-\u201f])`;
const upTo = (mark: string, name: string, last: string) =>
  `(?<${name}>\\S|\\S[\\s\\S]{0,${LONGEST}}?${last})${mark}${AFTER}`;
/** A backslash takes a mark its meaning, but not the one at the end of what stands as it is typed. */
const between = (mark: string, name: string) => upTo(mark, name, '[^\\s\\\\]');

const MARKUP = new RegExp(
  [
    String.raw`\\(?<escaped>[\s\S]|$)`,
    `${BEFORE}\`\`${upTo('``', 'literal', '\\S')}`,
    `${BEFORE}(?::(?<role>[\\w.:+-]{1,60}):)?\`(?<quoted>[^\`\\s]|[^\`\\s][\\s\\S]{0,${LONGEST}}?[^\\s\\\\])\`(?<reference>__?|:(?<roleAfter>[\\w.:+-]{1,60}):)?${AFTER}`,
    `${BEFORE}\\*\\*${between('\\*\\*', 'strong')}`,
    `${BEFORE}\\*(?!\\*)${between('\\*', 'emphasis')}`,
    `${BEFORE}\\|(?<substitution>[^|\\s]|[^|\\s][^|]{0,200}[^|\\s])\\|(?<substitutionReference>__?)?${AFTER}`,
    `${BEFORE}\\[(?<footnote>#?[\\w.-]{0,60}|\\*)\\]_${AFTER}`,
    `${BEFORE}_\`(?<target>[^\`]{1,200})\``,
    String.raw`(?<address>\bhttps?://[^\s<>"\x60]{1,1000}[^\s<>"\x60.,;:!?'\])}*|])`,
    `(?<![\\w.])(?<word>[A-Za-z\\d]+(?:[-+.:_][A-Za-z\\d]+){0,20})(?<wordReference>__?)${AFTER}`,
  ].join('|'),
  'gu',
);

/** Roles whose text is code: of reStructuredText itself, and those for Python's things that Sphinx knows. */
const CODE_ROLES =
  /^(?:py:|c:|cpp:|std:)?(?:code|literal|samp|file|command|program|option|envvar|class|func|meth|method|mod|module|attr|exc|data|obj|const|type|kbd|math|ref-code)$/;

const ROLE_TAGS: Record<string, string> = {
  ...{ emphasis: 'em', strong: 'strong', sub: 'sub', subscript: 'sub', sup: 'sup', superscript: 'sup' },
  ...{ 'title-reference': 'cite', title: 'cite', t: 'cite' },
};

/** Roles that name a document by its number. */
const DOCUMENT_ROLES = new Map([
  ['pep', (number: string) => documentAddress(number, (four) => `https://peps.python.org/pep-${four}`)],
  ['rfc', (number: string) => documentAddress(number, () => `https://datatracker.ietf.org/doc/html/rfc${number}`)],
]);

function documentAddress(number: string, address: (fourDigits: string) => string): string | undefined {
  return /^\d{1,5}$/.test(number) ? address(number.padStart(4, '0')) : undefined;
}

/** Text with marks in it, as HTML. */
export class InlineRenderer {
  readonly #references: References;
  #anonymous = 0;
  /** Substitutions may use others, and themselves. */
  #depth = 0;
  #substituted = 0;

  constructor(references: References) {
    this.#references = references;
  }

  render(text: string): string {
    let html = '';
    let end = 0;
    for (const match of text.matchAll(MARKUP)) {
      html += escapeText(text.slice(end, match.index)) + this.#markup(match[0], match.groups as Groups);
      end = match.index + match[0].length;
    }
    return html + escapeText(text.slice(end));
  }

  /** What readers see of `[#name]_`. */
  footnoteLabel(footnote: string): string {
    return String(this.#references.footnotes.get(footnote.replace(/^#/, '')) ?? footnote);
  }

  #markup(all: string, groups: Groups): string {
    const { escaped, literal, quoted, strong, emphasis, substitution, footnote, target, address, word } = groups;
    if (escaped !== undefined) return /\s/.test(escaped) ? '' : escapeText(escaped);
    if (literal !== undefined) return `<code>${escapeText(literal)}</code>`;
    if (quoted !== undefined) return this.#quoted(quoted, groups);
    if (strong !== undefined) return `<strong>${escapeText(withoutEscapes(strong))}</strong>`;
    if (emphasis !== undefined) return `<em>${escapeText(withoutEscapes(emphasis))}</em>`;
    if (substitution !== undefined) return this.#substitution(substitution, all, groups.substitutionReference);
    if (footnote !== undefined)
      return `<sup><a href="#footnote-${slug(footnote)}">[${escapeText(this.footnoteLabel(footnote))}]</a></sup>`;
    if (target !== undefined) return `<span id="${slug(target)}">${escapeText(target)}</span>`;
    if (address !== undefined) return link(address, escapeText(address));
    return this.#reference(word as string, groups.wordReference === '__') ?? escapeText(all);
  }

  #quoted(text: string, { role, roleAfter, reference }: Groups): string {
    const name = (role ?? roleAfter)?.toLowerCase();
    const { words, target } = wordsAndTarget(text);
    if (name !== undefined) {
      const plainWords = withoutEscapes(words || (target as string)).replace(/^[~!]/, '');
      if (CODE_ROLES.test(name)) return `<code>${escapeText(plainWords)}</code>`;
      const document = DOCUMENT_ROLES.get(name)?.(plainWords);
      if (document !== undefined) return link(document, `${name.toUpperCase()} ${escapeText(plainWords)}`);
      const tag = Object.hasOwn(ROLE_TAGS, name) ? ROLE_TAGS[name] : undefined;
      return tag === undefined ? escapeText(plainWords) : `<${tag}>${escapeText(plainWords)}</${tag}>`;
    }
    if (reference === undefined) return `<cite>${escapeText(withoutEscapes(text))}</cite>`;
    if (target !== undefined) {
      const [, alias] = /^(.+)_$/.exec(target) ?? [];
      const aliasTarget = alias === undefined ? undefined : this.#references.targets.get(referenceName(alias));
      const address = aliasTarget ?? target.replace(/\s+/g, '');
      if (words !== '') this.#references.targets.set(referenceName(words), address);
      return link(address, escapeText(withoutEscapes(words || target)));
    }
    return this.#reference(text, reference === '__') ?? escapeText(text);
  }

  /** A link to what is defined elsewhere, or to the title of that name. */
  #reference(text: string, isAnonymous: boolean): string | undefined {
    const words = withoutEscapes(text);
    const target = isAnonymous
      ? this.#references.anonymous[this.#anonymous++]
      : this.#references.targets.get(referenceName(text));
    if (target === undefined) return undefined;
    return link(target === '' ? `#${slug(text)}` : target, escapeText(words));
  }

  #substitution(name: string, all: string, reference: string | undefined): string {
    const found = this.#references.substitutions.get(referenceName(name));
    if (!found || this.#depth > 3) return escapeText(all);
    this.#substituted += LEAST_SUBSTITUTED + found.argument.length;
    if (this.#substituted > MOST_SUBSTITUTED) return escapeText(all);
    this.#depth++;
    const { directive, argument, lines } = found;
    let html = escapeText(all);
    if (directive === 'image') html = imageHtml(argument, lines, name);
    else if (directive === 'replace')
      html = this.render([argument, ...lines.map((line) => line.trim())].join(' ').slice(0, LONGEST));
    this.#depth--;
    const target = reference === undefined ? undefined : this.#references.targets.get(referenceName(name));
    return target === undefined ? html : link(target, html);
  }
}

type Groups = Record<
  | 'escaped'
  | 'literal'
  | 'role'
  | 'quoted'
  | 'reference'
  | 'roleAfter'
  | 'strong'
  | 'emphasis'
  | 'substitution'
  | 'substitutionReference'
  | 'footnote'
  | 'target'
  | 'address'
  | 'word'
  | 'wordReference',
  string | undefined
>;

function withoutEscapes(text: string): string {
  return text.replace(/\\([\s\S])/g, (_all, c: string) => (/\s/.test(c) ? '' : c));
}

export function link(address: string, html: string): string {
  const href = /^[^\s@:/]+@[^\s@/]+\.\w+$/.test(address) ? `mailto:${address}` : address;
  return `<a href="${escapeText(href)}">${html}</a>`;
}

/** `words <target>`, or words alone. By hand: a pattern would look at each run of blanks to its end again and again. */
function wordsAndTarget(text: string): { words: string; target?: string } {
  const open = text.lastIndexOf('<');
  const target = text.slice(open + 1, -1);
  if (open < 0 || !text.endsWith('>') || target === '' || target.includes('>')) return { words: text };
  return { words: text.slice(0, open).trimEnd(), target };
}
