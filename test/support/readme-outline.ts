/** What a reader finds in a description, however it is marked up: to compare two renderings. */
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';

type OutlineNode = DefaultTreeAdapterTypes.Node;
type OutlineElement = DefaultTreeAdapterTypes.Element;

export interface Outline {
  headings: string[];
  /** `text → address`. */
  links: string[];
  /** Texts of the items, without those of lists in them. */
  items: string[];
  /** Rows of all tables: cells with ` | ` between them. */
  rows: string[];
  /** Blocks of code and other text that stands as it stands. */
  code: string[];
  /** All words, with one blank between them. */
  text: string;
}

/** What a reader would not call a difference: kho leaves signs as they are typed, and writes addresses as browsers do. */
export function comparable({ headings, links, items, rows, code, text }: Outline): Outline {
  const all = (texts: readonly string[]) => texts.map(plainSigns).filter(Boolean);
  return {
    ...{ headings: all(headings), items: all(items), rows: all(rows), code },
    links: links.flatMap((link) => {
      const [words = '', address = ''] = link.split(' → ');
      // Links into the author's repository lead nowhere here, and addresses of mail are no links.
      return /^https?:/.test(address) ? [`${plainSigns(words)} → ${decodeURI(new URL(address).href)}`] : [];
    }),
    text: plainSigns(text),
  };
}

/** Quotation marks and dashes as they are typed; footnotes without brackets, fields without a colon, boxes of task lists gone. */
function plainSigns(text: string): string {
  return text
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/ ?(?:—|–|-{2,3}) ?/g, ' -- ')
    .replaceAll('…', '...')
    .replace(/\[(\d+)\]/g, '$1')
    .replace(/(?<=↩)(?:\ufe0e|\d+)/g, '')
    .replace(/[☐☑] |:(?= |$)/g, '')
    .replace(/(?<=\b(?:Attention|Caution))!/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const BLOCKS = new Set(
  'address article aside blockquote dd details div dl dt figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul br'.split(
    ' ',
  ),
);

export function outlineOf(html: string): Outline {
  const outline: Outline = { headings: [], links: [], items: [], rows: [], code: [], text: '' };
  const root = parseFragment(html);
  visit(root, (element) => {
    const href = attribute(element, 'href');
    if (/^h[1-6]$/.test(element.tagName)) outline.headings.push(textOf(element));
    else if (element.tagName === 'a' && href !== undefined && !href.startsWith('#')) {
      const text = textOf(element);
      if (text !== '') outline.links.push(`${text} → ${href}`);
    } else if (element.tagName === 'li') outline.items.push(textOf(element, (inner) => /^[uo]l$/.test(inner.tagName)));
    else if (element.tagName === 'tr')
      outline.rows.push(
        element.childNodes
          .filter(isCell)
          .map((cell) => textOf(cell))
          .join(' | '),
      );
    else if (element.tagName === 'pre') outline.code.push(rawText(element).replace(/\s+$/gm, '').replace(/^\n+/, ''));
  });
  outline.text = textOf(root);
  return outline;
}

function visit(node: OutlineNode, onElement: (element: OutlineElement) => void): void {
  if ('tagName' in node) onElement(node);
  if ('childNodes' in node) for (const child of node.childNodes) visit(child, onElement);
}

function isCell(node: OutlineNode): boolean {
  return node.nodeName === 'td' || node.nodeName === 'th';
}

function attribute({ attrs }: OutlineElement, name: string): string | undefined {
  return attrs.find((attr) => attr.name === name)?.value;
}

function textOf(node: OutlineNode, isLeftOut: (element: OutlineElement) => boolean = () => false): string {
  return rawText(node, isLeftOut).replace(/\s+/g, ' ').trim();
}

/** Between blocks there is a blank, between pieces of a line none. */
function rawText(node: OutlineNode, isLeftOut: (element: OutlineElement) => boolean = () => false): string {
  if ('value' in node) return node.value;
  if (!('childNodes' in node) || ('tagName' in node && isLeftOut(node))) return '';
  const text = node.childNodes.map((child) => rawText(child, isLeftOut)).join('');
  return BLOCKS.has(node.nodeName) && node.nodeName !== 'pre' ? ` ${text} ` : text;
}
