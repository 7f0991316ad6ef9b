/** What HTML out of a package may hold, and what becomes of the rest. */

/** What may hold blocks. */
export const CONTAINERS = new Set(['div', 'blockquote', 'li', 'dd', 'td', 'th', 'details']);

/** Blocks that hold text and inline tags only. */
export const TEXT_BLOCKS = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'pre', 'dt', 'summary', 'caption']);

export const HEADINGS = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6']);

/** Blocks that hold certain blocks only. */
export const FRAMES = new Set(['ul', 'ol', 'dl', 'table', 'thead', 'tbody', 'tfoot', 'tr']);

export const INLINE = new Set(
  'a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup u var'.split(' '),
);

/** Tags without an end. */
export const VOID = new Set(['br', 'hr', 'img', 'wbr']);

/** What is there under another name. */
export const RENAMED: Record<string, string> = {
  acronym: 'abbr',
  address: 'div',
  article: 'div',
  aside: 'div',
  center: 'div',
  dir: 'ul',
  figcaption: 'p',
  figure: 'div',
  footer: 'div',
  header: 'div',
  main: 'div',
  menu: 'ul',
  nav: 'div',
  section: 'div',
  strike: 's',
  tt: 'code',
};

/** Left out with all that is in them. The parser reads the content of those with `text` as text, as browsers do. */
export const DROPPED: Record<string, 'text' | 'tags'> = {
  iframe: 'text',
  math: 'tags',
  noembed: 'text',
  noframes: 'text',
  noscript: 'tags',
  script: 'text',
  select: 'tags',
  style: 'text',
  svg: 'tags',
  template: 'tags',
  textarea: 'text',
  title: 'text',
  xmp: 'text',
};

export const ALL_TAGS = new Set([...CONTAINERS, ...TEXT_BLOCKS, ...FRAMES, ...INLINE, ...VOID]);
