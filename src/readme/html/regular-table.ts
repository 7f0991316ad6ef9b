import { MOST_COLUMNS } from '../limits.ts';
import { type Element, element, textOf } from './tree.ts';

/** What the cells of a table say of their size, made true. */
export interface CellSpan {
  columns: number;
  rows: number;
}

const elementsOf = (parent: Element) => parent.children.filter((child) => typeof child !== 'string');

/** A cell, and where it begins. */
interface PlacedCell extends CellSpan {
  cell: Element;
  row: number;
  column: number;
}

/**
 * Make a table a rectangle: each row as wide as the widest, no cell below the end of its part, and no row or column in which
 * no cell begins. Browsers draw crooked tables somehow, but validators and screen readers count on it.
 *
 * @returns the spans of cells that have any
 */
export function makeRegular(table: Element): Map<Element, CellSpan> {
  const parts = elementsOf(table).filter((part) => part.tag !== 'caption');
  const placed: PlacedCell[] = [];
  const widths: [row: Element, width: number][] = [];
  for (const part of parts) for (const cell of placeCells(part, widths)) placed.push(cell);
  /** How many columns there are before each, without those in which no cell begins. */
  const before = [0];
  const begun = new Set(placed.map(({ column }) => column));
  for (let column = 0; column < MOST_COLUMNS; column++)
    before.push((before[column] as number) + (begun.has(column) ? 1 : 0));
  const columnsIn = (from: number, to: number) => (before[to] as number) - (before[from] as number);
  for (const [row, width] of widths) {
    for (let n = columnsIn(0, width); n < begun.size; n++) row.children.push(element('td'));
  }
  const spans = new Map<Element, CellSpan>();
  for (const { cell, column, columns, rows } of placed) {
    const left = columnsIn(column, column + columns);
    if (left > 1 || rows > 1) spans.set(cell, { columns: left, rows });
  }
  return spans;
}

/** The cells of a head, body or foot, each where it finds room. */
function placeCells(part: Element, widths: [row: Element, width: number][]): PlacedCell[] {
  const all = elementsOf(part);
  const rows = all.filter((row) => elementsOf(row).length > 0);
  part.children = rows;
  /** How many rows with cells stand before each row of all. */
  const before = [0];
  for (const row of all) before.push((before.at(-1) as number) + (elementsOf(row).length > 0 ? 1 : 0));
  const placeInAll = new Map(all.map((row, place) => [row, place]));
  const placed: PlacedCell[] = [];
  /** For each column, in how many rows from this one on it is taken by a cell from above. */
  const taken: number[] = Array.from({ length: MOST_COLUMNS }, () => 0);
  rows.forEach((row, place) => {
    const at = placeInAll.get(row) as number;
    if (!taken.includes(0)) {
      // No room for any cell: those from above end here.
      for (const cell of placed) cell.rows = Math.min(cell.rows, place - cell.row);
      taken.fill(0);
    }
    let column = 0;
    const cells = elementsOf(row);
    row.children = [];
    for (const cell of cells) {
      while ((taken[column] ?? 0) > 0) column++;
      if (column >= MOST_COLUMNS) break;
      row.children.push(cell);
      const end = Math.min(at + span(cell, 'rowspan'), all.length);
      const height = (before[end] as number) - (before[at] as number);
      const columns = Math.min(span(cell, 'colspan'), MOST_COLUMNS - column);
      let free = 1;
      while (free < columns && taken[column + free] === 0) free++;
      placed.push({ cell, row: place, column, columns: free, rows: height });
      taken.fill(height, column, column + free);
      column += free;
    }
    const width = taken.findLastIndex((rowsLeft) => rowsLeft > 0) + 1;
    widths.push([row, width]);
    for (let n = 0; n < width; n++) taken[n] = Math.max(0, (taken[n] as number) - 1);
  });
  return placed;
}

/** A heading of a column must say something. */
export function cellTag(cell: Element): string {
  return cell.tag === 'th' && textOf(cell).trim() === '' ? 'td' : cell.tag;
}

function span(cell: Element, name: string): number {
  const value = Number(cell.attributes.get(name) ?? '1');
  return Number.isInteger(value) && value >= 1 ? Math.min(value, MOST_COLUMNS) : 1;
}
