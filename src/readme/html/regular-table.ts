import { MOST_COLUMNS } from '../limits.ts';
import { type Element, element, textOf } from './tree.ts';

/** What the cells of a table say of their size, made true. */
export interface CellSpan {
  columns: number;
  rows: number;
}

const elementsOf = (parent: Element) => parent.children.filter((child) => typeof child !== 'string');

/**
 * Make a table a rectangle: each row as wide as the widest, no cell below the end of its part. Browsers draw crooked tables
 * somehow, but validators and screen readers count on it.
 *
 * @returns the spans of cells that have any
 */
export function makeRegular(table: Element): Map<Element, CellSpan> {
  const spans = new Map<Element, CellSpan>();
  const widths: [row: Element, width: number][] = [];
  for (const part of elementsOf(table)) {
    if (part.tag === 'caption') continue;
    const rows = elementsOf(part);
    /** For each column, in how many rows from this one on it is taken by a cell from above. */
    const taken: number[] = [];
    rows.forEach((row, place) => {
      let column = 0;
      const cells = elementsOf(row);
      row.children = cells;
      for (const cell of cells) {
        while ((taken[column] ?? 0) > 0) column++;
        if (column >= MOST_COLUMNS) {
          row.children = cells.slice(0, cells.indexOf(cell));
          break;
        }
        const columns = Math.min(span(cell, 'colspan'), MOST_COLUMNS - column);
        const height = Math.min(span(cell, 'rowspan'), rows.length - place);
        let free = 1;
        while (free < columns && !((taken[column + free] ?? 0) > 0)) free++;
        if (free > 1 || height > 1) spans.set(cell, { columns: free, rows: height });
        for (let n = 0; n < free; n++) taken[column + n] = height;
        column += free;
      }
      const width = taken.findLastIndex((rowsLeft) => rowsLeft > 0) + 1;
      widths.push([row, width]);
      for (let n = 0; n < width; n++) taken[n] = Math.max(0, (taken[n] ?? 0) - 1);
    });
  }
  const widest = widths.reduce((most, [, width]) => Math.max(most, width), 0);
  for (const [row, width] of widths) {
    for (let n = width; n < widest; n++) row.children.push(element('td'));
  }
  return spans;
}

/** A heading of a column must say something. */
export function cellTag(cell: Element): string {
  return cell.tag === 'th' && textOf(cell).trim() === '' ? 'td' : cell.tag;
}

function span(cell: Element, name: string): number {
  const value = Number(cell.attributes.get(name) ?? '1');
  return Number.isInteger(value) && value >= 1 ? Math.min(value, MOST_COLUMNS) : 1;
}
