import { ALL_TAGS } from './tags.ts';

/** One tag as write-tidy.ts writes it. In text no `<` is left, in attributes no quote. */
const TAG = /<(\/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"<>]*")*)>/y;

const ATTRIBUTES: Record<string, RegExp> = {
  alt: /^/,
  class: /^[a-z- ]+$/,
  colspan: /^\d+$/,
  dir: /^(?:ltr|rtl|auto)$/,
  height: /^\d+$/,
  href: /^(?:https?:\/\/[^\s/]|mailto:\S|#readme-)/,
  id: /^readme-\S/,
  loading: /^lazy$/,
  referrerpolicy: /^no-referrer$/,
  rel: /^nofollow noopener noreferrer$/,
  rowspan: /^\d+$/,
  src: /^https?:\/\/[^\s/]/,
  start: /^\d+$/,
  tabindex: /^0$/,
  title: /^/,
  width: /^\d+$/,
};

/**
 * Look once more, by other means than those that made it, at HTML that came out of a package: nothing but known tags with
 * known attributes, each with a value of its kind. Whatever mistake another file has, what this lets through cannot run.
 *
 * @returns what is wrong, or undefined
 */
export function findUnsafe(html: string): string | undefined {
  for (let place = html.indexOf('<'); place >= 0; place = html.indexOf('<', TAG.lastIndex)) {
    TAG.lastIndex = place;
    const match = TAG.exec(html);
    const [tag = html.slice(place, place + 40), , name = '', attributes = ''] = match ?? [];
    if (!match || !ALL_TAGS.has(name)) return tag;
    for (const [, attribute = '', value = ''] of attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)) {
      if (!Object.hasOwn(ATTRIBUTES, attribute) || !ATTRIBUTES[attribute]?.test(value)) return tag;
    }
  }
  return undefined;
}
