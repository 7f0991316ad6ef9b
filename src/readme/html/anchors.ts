import { HEADINGS } from './tags.ts';
import { type Element, eachElement, textOf } from './tree.ts';

/** What all ids of a description start with: they can be no id of the page, and no page's script finds them. */
export const ID_PREFIX = 'readme-';

const LONGEST_ID = 80;

/** Where links within a text may lead. */
export interface Anchors {
  /** The id to write, for elements that get one. */
  ids: Map<Element, string>;
  /** By what the text's own links say after `#`. */
  targets: Map<string, string>;
}

/** Give each heading an id made from its words, as on GitHub, and keep the ids that the author wrote; each id once. */
export function findAnchors(root: Element): Anchors {
  const ids = new Map<Element, string>();
  const targets = new Map<string, string>();
  const uses = new Map<string, number>();
  eachElement(root, (element) => {
    const own = element.attributes.get('id') ?? (element.tag === 'a' ? element.attributes.get('name') : undefined);
    const wanted = own === undefined ? HEADINGS.has(element.tag) && slug(textOf(element)) : cleanId(own);
    if (!wanted) return;
    const before = uses.get(wanted) ?? 0;
    uses.set(wanted, before + 1);
    const name = before === 0 ? wanted : `${wanted}-${before}`;
    if (targets.has(name)) return;
    ids.set(element, ID_PREFIX + name);
    targets.set(name, ID_PREFIX + name);
  });
  return { ids, targets };
}

/** @param fragment what follows `#`, percent-encoded or not */
export function findTarget({ targets }: Anchors, fragment: string): string | undefined {
  let name = fragment;
  try {
    name = decodeURIComponent(fragment);
  } catch {
    // It says what it says.
  }
  return targets.get(name) ?? targets.get(name.toLowerCase()) ?? targets.get(name.replace(/^user-content-/, ''));
}

/** `Getting started!` gives `getting-started`. */
export function slug(text: string): string {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '');
  return words.replace(/ /g, '-').slice(0, LONGEST_ID);
}

/** An id may hold no white space. */
function cleanId(id: string): string {
  return id.replace(/[\s\x00-\x1f\x7f-\x9f]/g, '').slice(0, LONGEST_ID);
}
