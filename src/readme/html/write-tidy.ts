import { LONGEST_ATTRIBUTE, LONGEST_HTML } from '../limits.ts';
import { safeAddress } from '../safe-address.ts';
import { TooMuch } from '../too-much.ts';
import { type Anchors, findTarget } from './anchors.ts';
import { escapeText } from './escape.ts';
import { type CellSpan, cellTag, makeRegular } from './regular-table.ts';
import { HEADINGS, INLINE } from './tags.ts';
import { type Element, element, type Node, textOf } from './tree.ts';

export interface WriteOptions {
  anchors: Anchors;
  /** Whether images may be loaded from where the package says; else they become links. */
  remoteImages: boolean;
}

/** Classes that kho's own renderers set, and that its style sheet knows. A package's own are left out. */
const OWN_CLASS = /^(?:hl-[a-z-]+|note|note-[a-z]+|footnotes?|align-(?:left|right|center))$/;

const ALIGNMENTS = new Set(['left', 'right', 'center']);

/** Tags and text, all escaped, from a tree: attributes are written by this file only, one by one. */
export class TidyWriter {
  /** Put together at the end: a text that grows is copied each time somebody looks at a part of it. */
  readonly #pieces: string[] = [];
  #length = 0;
  readonly #options: WriteOptions;
  #inLink = false;
  #spans = new Map<Element, CellSpan>();

  constructor(options: WriteOptions) {
    this.#options = options;
  }

  write(root: Element): string {
    this.#children(root);
    return this.#pieces.join('');
  }

  #put(text: string): void {
    this.#pieces.push(text);
    this.#length += text.length;
    if (this.#length > LONGEST_HTML) throw new TooMuch();
  }

  #children(parent: Element): void {
    for (const child of parent.children) this.#node(child);
  }

  #node(node: Node): void {
    if (typeof node === 'string') this.#put(escapeText(node));
    else if (node.tag === 'a') this.#link(node);
    else if (node.tag === 'img') this.#image(node);
    else if (node.tag === 'table') this.#table(node);
    else if (node.tag === 'dl') this.#definitions(node);
    else if (node.tag === 'details') this.#details(node);
    else this.#plain(node);
  }

  #plain(node: Element): void {
    const { tag } = node;
    const isEmpty = node.children.length === 0;
    if (
      isEmpty &&
      (INLINE.has(tag) || tag === 'ul' || tag === 'ol' || tag === 'p') &&
      !this.#options.anchors.ids.has(node)
    )
      return;
    if (HEADINGS.has(tag) && !hasWords(node)) {
      this.#children(node);
      return;
    }
    if (tag === 'br' || tag === 'hr' || tag === 'wbr') this.#put(`<${tag}>`);
    else {
      const attributes = this.#common(node);
      if (tag === 'span' && attributes === '') this.#children(node);
      else this.#wrap(tag, attributes, node);
    }
  }

  #wrap(tag: string, attributes: string, node: Element): void {
    this.#put(`<${tag}${attributes}>`);
    this.#children(node);
    this.#put(`</${tag}>`);
  }

  /** What any element may have. */
  #common(node: Element): string {
    const { attributes, tag } = node;
    const id = this.#options.anchors.ids.get(node);
    let text = id === undefined ? '' : attribute('id', id);
    if (tag === 'pre') text += ' tabindex="0"'; // it may scroll, and a keyboard has to get there
    if (attributes.size === 0) return text;
    const align = (
      /text-align:\s*(left|right|center)/i.exec(attributes.get('style') ?? '')?.[1] ??
      attributes.get('align') ??
      ''
    ).toLowerCase();
    const classes = (attributes.get('class') ?? '').split(' ').filter((name) => OWN_CLASS.test(name));
    if (ALIGNMENTS.has(align)) classes.push(`align-${align}`);
    if (classes.length > 0) text += attribute('class', classes.slice(0, 4).join(' '));
    const title = attributes.get('title');
    if (tag === 'abbr' && title) text += attribute('title', title.slice(0, LONGEST_ATTRIBUTE));
    const start = attributes.get('start');
    if (tag === 'ol' && start !== undefined && /^\d{1,6}$/.test(start))
      text += attribute('start', String(Number(start)));
    const direction = attributes.get('dir')?.toLowerCase();
    if (direction === 'rtl' || direction === 'ltr' || direction === 'auto') text += attribute('dir', direction);
    return text;
  }

  #link(node: Element): void {
    const href = this.#address(node.attributes.get('href'));
    const id = this.#options.anchors.ids.get(node);
    if (href === undefined || this.#inLink || node.children.length === 0) {
      if (id !== undefined) this.#put(`<span${attribute('id', id)}></span>`);
      this.#children(node);
      return;
    }
    this.#inLink = true;
    this.#put(`<a${id === undefined ? '' : attribute('id', id)}${attribute('href', href)}${relation(href)}>`);
    const before = this.#pieces.length;
    this.#children(node);
    const inside = this.#pieces.slice(before).join('');
    if (!/[^\s<>]/.test(inside.replace(/<[^<>]*>/g, (tag) => (tag.startsWith('<img') ? tag : ''))))
      this.#put(escapeText(shortName(href)));
    this.#put('</a>');
    this.#inLink = false;
  }

  /** Of relative addresses only those within the text lead anywhere. */
  #address(href: string | undefined): string | undefined {
    if (href?.startsWith('#')) {
      const target = findTarget(this.#options.anchors, href.slice(1));
      return target === undefined ? undefined : `#${encodeURIComponent(target)}`;
    }
    return href === undefined ? undefined : safeAddress(href);
  }

  #image({ attributes }: Element): void {
    const source = safeAddress(attributes.get('src') ?? '');
    const isWeb = source !== undefined && !source.startsWith('mailto:');
    const alt = (attributes.get('alt') ?? '').trim().slice(0, LONGEST_ATTRIBUTE);
    if (isWeb && this.#options.remoteImages) {
      const size = (name: string) =>
        /^\d{1,4}$/.test(attributes.get(name) ?? '') ? attribute(name, attributes.get(name) as string) : '';
      const rest = `${size('width')}${size('height')} loading="lazy" referrerpolicy="no-referrer"`;
      this.#put(`<img${attribute('src', source)}${attribute('alt', alt)}${rest}>`);
    } else if (this.#inLink || !isWeb) this.#put(alt === '' ? '' : `<span class="image">${escapeText(alt)}</span>`);
    else
      this.#put(
        `<a class="image"${attribute('href', source)}${relation(source)}>${escapeText(alt || shortName(source))}</a>`,
      );
  }

  #table(table: Element): void {
    for (const [cell, span] of makeRegular(table)) this.#spans.set(cell, span);
    const captions = table.children.filter((part) => typeof part !== 'string' && part.tag === 'caption').slice(0, 1);
    const parts = table.children.filter(
      (part): part is Element => typeof part !== 'string' && part.tag !== 'caption' && part.children.length > 0,
    );
    if (parts.length === 0) return;
    this.#put('<div class="table" tabindex="0"><table>');
    for (const caption of captions) this.#plain(caption as Element);
    // HTML wants one head, first, and one foot, last; others are parts like any.
    parts.forEach((part, place) => {
      const tag =
        (part.tag === 'thead' && place === 0) || (part.tag === 'tfoot' && place === parts.length - 1)
          ? part.tag
          : 'tbody';
      this.#put(`<${tag}>`);
      for (const row of part.children) if (typeof row !== 'string') this.#row(row);
      this.#put(`</${tag}>`);
    });
    this.#put('</table></div>');
  }

  #row(row: Element): void {
    this.#put('<tr>');
    for (const cell of row.children) {
      if (typeof cell === 'string') continue;
      const span = this.#spans.get(cell);
      const spans = `${(span?.columns ?? 1) > 1 ? attribute('colspan', String(span?.columns)) : ''}${(span?.rows ?? 1) > 1 ? attribute('rowspan', String(span?.rows)) : ''}`;
      this.#wrap(cellTag(cell), this.#common(cell) + spans, cell);
    }
    this.#put('</tr>');
  }

  /** A list of definitions needs terms first and definitions after; else it is a list of blocks. */
  #definitions(list: Element): void {
    const items = list.children.filter((item): item is Element => typeof item !== 'string');
    if (items[0]?.tag === 'dt' && items.at(-1)?.tag === 'dd') {
      this.#put('<dl>');
      for (const item of items) this.#plain(item);
      this.#put('</dl>');
    } else for (const item of items) this.#plain(element('div', item.attributes, item.children));
  }

  #details(node: Element): void {
    const [first] = node.children;
    const summary = typeof first === 'object' && first.tag === 'summary' ? first : undefined;
    this.#put('<details>');
    if (summary && hasWords(summary)) this.#plain(summary);
    else this.#put('<summary>…</summary>');
    for (const child of node.children) if (child !== summary) this.#node(child);
    this.#put('</details>');
  }
}

function hasWords(node: Element): boolean {
  return textOf(node).trim() !== '' || hasImage(node);
}

function hasImage(node: Element): boolean {
  return node.children.some(
    (child) => typeof child !== 'string' && ((child.tag === 'img' && child.attributes.has('src')) || hasImage(child)),
  );
}

/** What a link is called that its author gave no words: the last part of its address. */
function shortName(address: string): string {
  const [path = ''] = address.replace(/^(?:https?:\/\/|mailto:|#)/, '').split(/[?#]/);
  return path.split('/').filter(Boolean).at(-1)?.slice(0, 80) ?? address;
}

/** Links out of the site tell the other side nothing, and vouch for nothing. */
function relation(href: string): string {
  return href.startsWith('#') ? '' : ' rel="nofollow noopener noreferrer"';
}

function attribute(name: string, value: string): string {
  return ` ${name}="${escapeText(value)}"`;
}
