import { escapeText } from '../html/escape.ts';
import { codeBlock } from './code-block.ts';
import type { Contents } from './contents.ts';
import { imageHtml, readOptions } from './image.ts';
import type { InlineRenderer } from './inline.ts';
import { dedent, isBlank, type Lines } from './lines.ts';
import type { Table } from './tables.ts';

/** What renders the blocks around a directive, and those in it. */
interface Blocks {
  readonly inline: InlineRenderer;
  readonly contents: Contents;
  nested(lines: Lines): string;
  table(table: Table): string;
}

export interface Directive {
  name: string;
  /** What follows on the line of its name. */
  argument: string;
  /** The lines below, indented as they are. */
  lines: Lines;
  /** All of it as it stands. */
  source: Lines;
}

const NOTES: Record<string, string> = {
  ...{
    attention: 'Attention',
    caution: 'Caution',
    danger: 'Danger',
    error: 'Error',
    hint: 'Hint',
    important: 'Important',
  },
  ...{ note: 'Note', tip: 'Tip', warning: 'Warning', seealso: 'See also', todo: 'To do' },
};

const VERSIONS: Record<string, string> = {
  versionadded: 'New in version',
  versionchanged: 'Changed in version',
  deprecated: 'Deprecated since version',
};

/** They say how pages are made, or make what is not there. */
const SILENT = new Set([
  'sectnum',
  'section-numbering',
  'meta',
  'highlight',
  'default-role',
  'role',
  'index',
  'toctree',
  'currentmodule',
  'target-notes',
  'header',
  'footer',
  'title',
]);

/** What only holds other blocks. */
const TRANSPARENT = new Set([
  'container',
  'compound',
  'class',
  'rst-class',
  'epigraph',
  'pull-quote',
  'highlights',
  'only',
  'topic',
  'sidebar',
]);

/** Directives that kho knows, as what they mean; others are shown as the text they are. */
export function renderDirective(blocks: Blocks, directive: Directive): string {
  const { name, argument, source } = directive;
  const { options, content } = splitOptions(directive.lines);
  if (name === 'code' || name === 'code-block' || name === 'sourcecode') return codeBlock(content, argument.trim());
  if (Object.hasOwn(NOTES, name))
    return note(
      name,
      NOTES[name] as string,
      blocks.nested(argument === '' ? content : [argument, ...continued(content)]),
    );
  if (name === 'admonition') return note('note', blocks.inline.render(argument), blocks.nested(content));
  if (Object.hasOwn(VERSIONS, name)) {
    const [version = '', ...words] = argument.split(' ');
    return `<p><em>${VERSIONS[name]} ${escapeText(version)}</em> ${blocks.inline.render(words.join(' '))}</p>${blocks.nested(content)}`;
  }
  if (name === 'image') return `<p>${imageHtml(argument, options)}</p>`;
  if (name === 'figure') return `<div><p>${imageHtml(argument, options)}</p>${blocks.nested(content)}</div>`;
  if (name === 'rubric') return `<p><strong>${blocks.inline.render(argument)}</strong></p>`;
  if (name === 'raw') return argument.trim().toLowerCase() === 'html' ? content.join('\n') : '';
  if (name === 'math') return `<pre>${escapeText([argument, ...content].join('\n').trim())}</pre>`;
  if (name === 'parsed-literal') return `<pre>${blocks.inline.render(content.join('\n'))}</pre>`;
  if (name === 'list-table') return listTable(blocks, argument, options, content);
  if (name === 'csv-table') return csvTable(blocks, argument, options, content);
  if (name === 'table')
    return (
      (argument === '' ? '' : `<p><strong>${blocks.inline.render(argument)}</strong></p>`) + blocks.nested(content)
    );
  if (name === 'contents') return contents(blocks, argument, options);
  if (SILENT.has(name)) return '';
  if (TRANSPARENT.has(name)) {
    const title =
      name === 'topic' || name === 'sidebar' ? `<p><strong>${blocks.inline.render(argument)}</strong></p>` : '';
    return title + blocks.nested(content);
  }
  return `<pre>${escapeText(source.join('\n').trimEnd())}</pre>`;
}

/** Options stand first, up to a blank line. */
function splitOptions(lines: Lines): { options: string[]; content: string[] } {
  const all = dedentAll(lines);
  let end = 0;
  while (
    end < all.length &&
    (/^:[\w-]+:(?: |$)/.test(all[end] as string) || (end > 0 && /^ +\S/.test(all[end] as string)))
  )
    end++;
  return { options: all.slice(0, end), content: dedent(all.slice(end)) };
}

function dedentAll(lines: Lines): string[] {
  const start = lines.findIndex((line) => !isBlank(line));
  // Content after a blank line has no options, though it may begin with what looks like one.
  return start > 0 ? ['', ...dedent(lines)] : dedent(lines);
}

const continued = (content: Lines) => content;

function note(kind: string, title: string, html: string): string {
  return `<div class="note note-${kind}"><p><strong>${title}</strong></p>${html}</div>`;
}

function contents(blocks: Blocks, argument: string, lines: Lines): string {
  const options = readOptions(lines);
  const isLocal = options.has('local');
  const title = argument || (isLocal ? '' : 'Contents');
  const heading = title === '' ? '' : `<p><strong>${blocks.inline.render(title)}</strong></p>`;
  return heading + blocks.contents.addPlace(isLocal, Number(options.get('depth')) || 6);
}

/** A list of lists is a table: an item of the outer for a row, of the inner for a cell. */
function listTable(blocks: Blocks, title: string, options: Lines, content: Lines): string {
  const rows: string[][][] = [];
  for (const line of content) {
    const [, row, cell = ''] = /^(\* | {2})- ?(.*)$/.exec(line) ?? [];
    if (row === '* ') rows.push([[cell]]);
    else if (row === '  ') rows.at(-1)?.push([cell]);
    else rows.at(-1)?.at(-1)?.push(line);
  }
  const cells = rows.map((row) =>
    row.map(([first = '', ...rest]) => ({ lines: [first, ...dedent(rest)], columns: 1, rows: 1 })),
  );
  const heads = headRows(options);
  const caption = title === '' ? '' : `<p><strong>${blocks.inline.render(title)}</strong></p>`;
  return caption + blocks.table({ head: cells.slice(0, heads), body: cells.slice(heads) });
}

function csvTable(blocks: Blocks, title: string, options: Lines, content: Lines): string {
  const header = options.find((option) => option.startsWith(':header:'))?.slice(':header:'.length);
  const read = (line: string) =>
    [...line.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g)]
      .filter(({ 0: all, index }) => all !== '' || index < line.length)
      .map(([, quoted, bare = '']) => ({ lines: [quoted?.replaceAll('""', '"') ?? bare.trim()], columns: 1, rows: 1 }));
  const rows = content.filter((line) => !isBlank(line)).map(read);
  const heads = headRows(options);
  const head = [...(header === undefined ? [] : [read(header)]), ...rows.slice(0, heads)];
  const caption = title === '' ? '' : `<p><strong>${blocks.inline.render(title)}</strong></p>`;
  return caption + blocks.table({ head, body: rows.slice(heads) });
}

function headRows(options: Lines): number {
  const [, rows = '0'] = /^:header-rows: +(\d{1,2})$/m.exec(options.join('\n')) ?? [];
  return Number(rows);
}
