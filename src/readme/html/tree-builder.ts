import { DEEPEST_NESTING } from '../limits.ts';
import { CONTAINERS, FRAMES, HEADINGS, INLINE, TEXT_BLOCKS, VOID } from './tags.ts';
import { type Element, element, NO_ATTRIBUTES } from './tree.ts';

/** Of these only the nearest in the same list or table is meant, as in browsers. */
const WALLS = new Set(['td', 'th', 'table', 'caption', 'root']);

/** What a part of a list or table is put in when its author left that out. */
const PARENTS: Record<string, { in: readonly string[]; implied: string }> = {
  li: { in: ['ul', 'ol'], implied: 'ul' },
  dt: { in: ['dl'], implied: 'dl' },
  dd: { in: ['dl'], implied: 'dl' },
  tr: { in: ['thead', 'tbody', 'tfoot'], implied: 'tbody' },
  td: { in: ['tr'], implied: 'tr' },
  th: { in: ['tr'], implied: 'tr' },
  thead: { in: ['table'], implied: 'table' },
  tbody: { in: ['table'], implied: 'table' },
  tfoot: { in: ['table'], implied: 'table' },
  caption: { in: ['table'], implied: 'table' },
};

const LIST_PARTS = new Set(['li', 'dt', 'dd']);

/** What text is put in that stands where only parts of a list or table may. */
const FILLERS: Record<string, string> = {
  ul: 'li',
  ol: 'li',
  dl: 'dd',
  table: 'td',
  thead: 'td',
  tbody: 'td',
  tfoot: 'td',
  tr: 'td',
};

/**
 * Makes a tree of tags that is well formed by HTML's rules of what may stand in what, whatever order the tags come in.
 * Simpler than what browsers do, and linear: their way of mending can make a tree that is the square of its text.
 */
export class TreeBuilder {
  readonly root = element('root');
  readonly #open: Element[] = [this.root];

  get #top(): Element {
    return this.#open[this.#open.length - 1] as Element;
  }

  text(text: string): void {
    if (text.trim() === '' && FRAMES.has(this.#top.tag)) return;
    this.#leaveFrame();
    this.#top.children.push(text);
  }

  /** @param tag one of tags.ts, renamed already */
  start(tag: string, attributes: ReadonlyMap<string, string>): void {
    if (this.#open.length > DEEPEST_NESTING && !VOID.has(tag)) return;
    if (tag in PARENTS) this.#goToParent(tag);
    else if (INLINE.has(tag) || tag === 'br' || tag === 'img' || tag === 'wbr') {
      if (tag === 'a') this.#close('a');
      this.#leaveFrame();
    } else if (tag === 'summary') {
      if (this.#top.tag !== 'details' || this.#top.children.some((child) => typeof child !== 'string')) return;
      this.#top.children.length = 0;
    } else if (!this.#makeRoomForBlock(tag, attributes)) return;

    const child = element(tag, attributes);
    if (VOID.has(tag)) this.#top.children.push(child);
    else this.#push(child);
  }

  end(tag: string): void {
    this.#close(tag);
  }

  #push(child: Element): void {
    this.#top.children.push(child);
    this.#open.push(child);
  }

  /** Close the nearest open tag of this name, and all in it. */
  #close(tag: string): void {
    const isMeant = HEADINGS.has(tag) ? (name: string) => HEADINGS.has(name) : (name: string) => name === tag;
    for (let place = this.#open.length - 1; place > 0; place--) {
      const name = (this.#open[place] as Element).tag;
      if (isMeant(name)) {
        this.#open.length = place;
        return;
      }
      if (WALLS.has(name) && !FRAMES.has(tag)) return;
    }
  }

  /** Go up to where a part of a list or table may stand, or make such a place. */
  #goToParent(tag: string): void {
    const { in: parents, implied } = PARENTS[tag] as { in: readonly string[]; implied: string };
    for (let place = this.#open.length - 1; place > 0; place--) {
      const name = (this.#open[place] as Element).tag;
      if (parents.includes(name)) {
        this.#open.length = place + 1;
        return;
      }
      const isWall = name === 'table' || (LIST_PARTS.has(tag) && WALLS.has(name));
      if (isWall || PARENTS[implied]?.in.includes(name)) break;
    }
    if (implied in PARENTS) this.#goToParent(implied);
    else if (!this.#makeRoomForBlock(implied)) return;
    this.#push(element(implied));
  }

  /** Text stands in no list or table directly. */
  #leaveFrame(): void {
    const filler = FILLERS[this.#top.tag];
    if (filler === undefined) return;
    this.#goToParent(filler);
    this.#push(element(filler));
  }

  /** End what may hold no block. Says whether the block may be put here now: it may not where text only may stand, and is there where inline tags go round it. */
  #makeRoomForBlock(tag: string, attributes = NO_ATTRIBUTES): boolean {
    this.#leaveFrame();
    const inline: Element[] = [];
    for (let place = this.#open.length - 1; ; place--) {
      const open = this.#open[place] as Element;
      if (CONTAINERS.has(open.tag) || open.tag === 'root') break;
      if (TEXT_BLOCKS.has(open.tag)) {
        const endsHere = open.tag === 'p' || (HEADINGS.has(open.tag) && HEADINGS.has(tag));
        if (!endsHere) return false;
      } else inline.unshift(open);
      this.#open.length = place;
    }
    if (!TEXT_BLOCKS.has(tag) || inline.length === 0) return true;
    // `<a><h1>Title</h1></a>` becomes `<h1><a>Title</a></h1>`: what goes round a block of text goes into it.
    this.#push(element(tag, attributes));
    for (const around of inline)
      this.#push(element(around.tag, around.tag === 'a' ? around.attributes : NO_ATTRIBUTES));
    return false;
  }
}
