import { slug } from '../html/anchors.ts';
import { escapeText } from '../html/escape.ts';
import { DEEPEST_NESTING, MOST_LOOKED_THROUGH } from '../limits.ts';
import { codeBlock } from './code-block.ts';
import { Contents } from './contents.ts';
import { renderDirective } from './directives.ts';
import { InlineRenderer } from './inline.ts';
import {
  dedent,
  endOfFilled,
  endOfIndented,
  indentOf,
  isAdornment,
  isBlank,
  isUnderline,
  type Lines,
} from './lines.ts';
import type { References } from './references.ts';
import { type Cell, readGridTable, readSimpleTable, type Table } from './tables.ts';

const BULLET = /^[*+\-•‣⁃](?: +|$)/;
const ENUMERATOR =
  /^(?:\(?(?:\d{1,9}|[A-Za-z]|#|[ivxlcdmIVXLCDM]{1,8})\)|(?:\d{1,9}|[A-Za-z]|#|[ivxlcdmIVXLCDM]{1,8})\.)(?: +|$)/;
const FIELD = /^:(?![: ])((?:\\.|[^:\\]|:(?![ `]|$)){1,100}?)(?<! ):(?: +|$)/;
const OPTION =
  /^((?:-{1,2}|\/)\w[\w-]*(?:[ =][A-Z<][\w<>-]*)?(?:, +(?:-{1,2}|\/)\w[\w-]*(?:[ =][A-Z<][\w<>-]*)?){0,4})(?: {2,}|$)/;
const EXPLICIT = /^(?:\.\.|__)(?: +|$)/;

/** Blocks of reStructuredText as HTML: what the author wrote is escaped, all tags are written here. */
export class BlockRenderer {
  readonly inline: InlineRenderer;
  readonly contents = new Contents();
  /** Styles of titles in the order they were met: that is their level. */
  readonly #titleStyles: string[] = [];
  #linesLeftForNoTable: number;
  #depth = 0;

  /** @param lineCount of the whole text */
  constructor(references: References, lineCount: number) {
    this.#linesLeftForNoTable = MOST_LOOKED_THROUGH * lineCount;
    this.inline = new InlineRenderer(references);
  }

  /** Text in text: an item, a cell, a note. Too deep in one another, it is shown as it stands. */
  nested(lines: Lines): string {
    if (this.#depth > DEEPEST_NESTING / 4) return `<pre>${escapeText(lines.join('\n'))}</pre>`;
    this.#depth++;
    const html = this.render(dedent(lines));
    this.#depth--;
    return html;
  }

  render(lines: Lines): string {
    let html = '';
    for (let place = 0; place < lines.length; ) {
      if (isBlank(lines[place])) place++;
      else {
        const [block, next] = this.#block(lines, place);
        if (block !== '') html += `${block}\n`;
        place = next;
      }
    }
    return html;
  }

  /** The block at `place`, which is not blank, and the place after it. */
  #block(lines: Lines, place: number): [html: string, next: number] {
    const line = lines[place] as string;
    if (line.startsWith(' ')) {
      const end = endOfIndented(lines, place, 1);
      return [`<blockquote>${this.nested(lines.slice(place, end))}</blockquote>`, end];
    }
    return (
      this.#title(lines, place) ??
      this.#table(lines, place) ??
      (EXPLICIT.test(line) ? this.#explicit(lines, place) : undefined) ??
      this.#list(lines, place, BULLET, 'ul') ??
      this.#enumeration(lines, place) ??
      this.#fields(lines, place, FIELD, (name) => this.inline.render(name)) ??
      this.#fields(lines, place, OPTION, (option) => `<code>${escapeText(option)}</code>`) ??
      (line.startsWith('>>> ') ? this.#doctest(lines, place) : undefined) ??
      (/^\|(?: |$)/.test(line) ? this.#lineBlock(lines, place) : undefined) ??
      this.#definitions(lines, place) ??
      this.#paragraph(lines, place)
    );
  }

  #title(lines: Lines, place: number): [string, number] | undefined {
    const [first = '', second = '', third = ''] = lines.slice(place, place + 3);
    if (isAdornment(first)) {
      const isOver = !isBlank(second) && isAdornment(third) && third[0] === first[0];
      if (isOver) return [this.#heading(second, `over${first[0]}`), place + 3];
      if (isBlank(second) && first.trim().length >= 4) return ['<hr>', place + 1];
      return undefined;
    }
    return isUnderline(second, first) ? [this.#heading(first, second[0] as string), place + 2] : undefined;
  }

  #heading(title: string, style: string): string {
    if (!this.#titleStyles.includes(style)) this.#titleStyles.push(style);
    const level = Math.min(this.#titleStyles.indexOf(style) + 1, 6);
    const html = this.inline.render(title.trim());
    this.contents.addHeading(level, html);
    return `<h${level}>${html}</h${level}>`;
  }

  #table(lines: Lines, place: number): [string, number] | undefined {
    const line = lines[place] as string;
    if (/^\+-[-+]*\+\s*$/.test(line)) {
      const end = endOfFilled(lines, place);
      const table = readGridTable(lines.slice(place, end));
      return [table ? this.table(table) : `<pre>${escapeText(lines.slice(place, end).join('\n'))}</pre>`, end];
    }
    if (!/^=+( +=+)+\s*$/.test(line) || this.#linesLeftForNoTable < 0) return undefined;
    // Ends with the second or third rule: the one that a blank line follows.
    let end = place + 1;
    for (; end < lines.length; end++) if (/^=+( +=+)*\s*$/.test(lines[end] as string) && isBlank(lines[end + 1])) break;
    const table = readSimpleTable(lines.slice(place, end + 1));
    const next = table ? end + 1 : endOfFilled(lines, place);
    if (!table) this.#linesLeftForNoTable -= end - place;
    return [table ? this.table(table) : `<pre>${escapeText(lines.slice(place, next).join('\n'))}</pre>`, next];
  }

  table({ head, body }: Table): string {
    const cell = (tag: string) => (cell: Cell) =>
      `<${tag} colspan="${cell.columns}" rowspan="${cell.rows}">${this.#compact(cell.lines)}</${tag}>`;
    const rows = (cells: Cell[][], tag: string) =>
      cells.map((row) => `<tr>${row.map(cell(tag)).join('')}</tr>`).join('');
    const thead = head.length > 0 ? `<thead>${rows(head, 'th')}</thead>` : '';
    return `<table>${thead}<tbody>${rows(body, 'td')}</tbody></table>`;
  }

  /** A single paragraph needs no `<p>` in an item or a cell. */
  #compact(lines: Lines): string {
    const html = this.nested(lines).trim();
    const [, only] = /^<p>([\s\S]*)<\/p>$/.exec(html) ?? [];
    return only === undefined || only.includes('<p>') ? html : only;
  }

  #explicit(lines: Lines, place: number): [string, number] {
    const line = lines[place] as string;
    const whole = Math.max(place + 1, endOfIndented(lines, place + 1, 1));
    // An address ends with a blank line; what follows further in is a quotation.
    const end = /^(?:\.\. +_|__ )/.test(line) ? endOfFilled(lines, place, whole) : whole;
    const [, directive, argument = ''] = /^\.\. +([A-Za-z][\w.:+-]*?) ?:: *(.*)$/s.exec(line) ?? [];
    if (directive !== undefined)
      return [
        renderDirective(this, {
          name: directive.toLowerCase(),
          argument,
          lines: lines.slice(place + 1, end),
          source: lines.slice(place, end),
        }),
        end,
      ];
    const [, footnote, text = ''] = /^\.\. +\[(#?[\w.-]*|\*)\] *(.*)$/s.exec(line) ?? [];
    if (footnote !== undefined) {
      const content = [text, ...dedent(lines.slice(place + 1, end))];
      return [
        `<div class="footnote" id="footnote-${slug(footnote)}">[${escapeText(this.inline.footnoteLabel(footnote))}] ${this.#compact(content)}</div>`,
        end,
      ];
    }
    const [, target] = /^\.\. +_(`[^`]+`|(?:\\.|[^:\\])+):\s*$/.exec(line) ?? [];
    if (target !== undefined && end === place + 1)
      return [`<span id="${escapeText(slug(target.replaceAll('`', '')))}"></span>`, end];
    return ['', end]; // a definition, or a comment
  }

  #list(lines: Lines, place: number, marker: RegExp, tag: string, start = ''): [string, number] | undefined {
    let html = '';
    let next = place;
    for (let mark = marker.exec(lines[next] ?? ''); mark; mark = marker.exec(lines[next] ?? '')) {
      const width = mark[0].length;
      const end = Math.max(next + 1, endOfIndented(lines, next + 1, Math.min(width, 2)));
      html += `<li>${this.#compact([(lines[next] as string).slice(width), ...lines.slice(next + 1, end).map((line) => line.slice(Math.min(width, indentOf(line))))])}</li>`;
      next = end;
      while (isBlank(lines[next]) && next < lines.length && marker.test(lines[next + 1] ?? '')) next++;
    }
    return next === place ? undefined : [`<${tag}${start}>${html}</${tag}>`, next];
  }

  /** "A. Einstein said" begins no list: the line after an item is blank, further in, or the next item. */
  #enumeration(lines: Lines, place: number): [string, number] | undefined {
    const [mark] = ENUMERATOR.exec(lines[place] as string) ?? [];
    const next = lines[place + 1];
    if (mark === undefined || !(isBlank(next) || next?.startsWith(' ') || ENUMERATOR.test(next as string)))
      return undefined;
    const [number] = /\d+/.exec(mark) ?? [];
    return this.#list(lines, place, ENUMERATOR, 'ol', number === undefined ? '' : ` start="${Number(number)}"`);
  }

  /** Names and what is said of them: fields, and options of a command. */
  #fields(lines: Lines, place: number, pattern: RegExp, name: (text: string) => string): [string, number] | undefined {
    let html = '';
    let next = place;
    for (let field = pattern.exec(lines[next] ?? ''); field; field = pattern.exec(lines[next] ?? '')) {
      const end = Math.max(next + 1, endOfIndented(lines, next + 1, 1));
      const content = [(lines[next] as string).slice(field[0].length), ...dedent(lines.slice(next + 1, end))];
      html += `<dt>${name(field[1] as string)}</dt><dd>${this.#compact(content)}</dd>`;
      next = end;
      while (isBlank(lines[next]) && next < lines.length && pattern.test(lines[next + 1] ?? '')) next++;
    }
    return next === place ? undefined : [`<dl>${html}</dl>`, next];
  }

  #doctest(lines: Lines, place: number): [string, number] {
    const end = endOfFilled(lines, place);
    return [codeBlock(lines.slice(place, end), 'pycon'), end];
  }

  #lineBlock(lines: Lines, place: number): [string, number] {
    const end = endOfFilled(lines, place);
    const rows = lines.slice(place, end).map((line) => this.inline.render(line.replace(/^\| ?/, '').trim()));
    return [`<p>${rows.join('<br>')}</p>`, end];
  }

  #definitions(lines: Lines, place: number): [string, number] | undefined {
    let html = '';
    let next = place;
    while (
      next < lines.length &&
      /^\S/.test(lines[next] as string) &&
      /^ +\S/.test(lines[next + 1] ?? '') &&
      !/::\s*$/.test(lines[next] as string)
    ) {
      const end = endOfIndented(lines, next + 1, 1);
      const [term = '', ...classifiers] = (lines[next] as string).split(' : ');
      const kind = classifiers.map((classifier) => ` <em>${this.inline.render(classifier)}</em>`).join('');
      html += `<dt>${this.inline.render(term)}${kind}</dt><dd>${this.#compact(lines.slice(next + 1, end))}</dd>`;
      next = end;
      while (isBlank(lines[next]) && next < lines.length && /^\S/.test(lines[next + 1] ?? '')) next++;
      if (EXPLICIT.test(lines[next] ?? '') || this.#title(lines, next)) break;
    }
    return next === place ? undefined : [`<dl>${html}</dl>`, next];
  }

  #paragraph(lines: Lines, place: number): [string, number] {
    let end = place + 1;
    while (end < lines.length && !isBlank(lines[end])) end++;
    const text = lines
      .slice(place, end)
      .map((line) => line.trim())
      .join('\n');
    if (!text.endsWith('::')) return [`<p>${this.inline.render(text)}</p>`, end];
    const paragraphText = /(?:^|\s)::$/.test(text) ? text.slice(0, -2).trimEnd() : text.slice(0, -1);
    const paragraph = paragraphText === '' ? '' : `<p>${this.inline.render(paragraphText)}</p>`;
    let start = end;
    while (start < lines.length && isBlank(lines[start])) start++;
    const indented = endOfIndented(lines, start, 1);
    if (indented > start) return [paragraph + codeBlock(dedent(lines.slice(start, indented)), ''), indented];
    const quoted = /^[!-/:-@[-`{-~]/.test(lines[start] ?? '') ? endOfFilled(lines, start) : start;
    if (quoted > start) return [paragraph + codeBlock(lines.slice(start, quoted), ''), quoted];
    return [paragraph, end];
  }
}
