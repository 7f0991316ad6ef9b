import { dedent, isBlank, type Lines } from './lines.ts';

/** Cells are texts of their own, with blocks in them. */
export interface Cell {
  lines: string[];
  columns: number;
  rows: number;
}

export interface Table {
  head: Cell[][];
  body: Cell[][];
}

/** So many rows and columns are looked at; a greater table is shown as it stands. */
const MOST_CELLS = 20_000;

/** Signs that take two columns, in each of which there is one unit of UTF-16 then; those beyond U+FFFF have two units anyway. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|(?=[\u2300-\u2bff])\p{Emoji_Presentation}/gu;
const SECOND_HALF = '\0';

const widen = (line: string) => line.replace(WIDE, `$&${SECOND_HALF}`);
const narrow = (line: string) => line.replaceAll(SECOND_HALF, '');

/** `=====  =====` above, below the head, and at the end; columns are where the signs are. */
export function readSimpleTable(text: Lines): Table | undefined {
  const borders = [...(text[0] as string).matchAll(/=+/g)].map(
    ({ index, 0: signs }) => [index, index + signs.length] as const,
  );
  if (borders.length * text.length > MOST_CELLS) return undefined;
  const lines = text.map(widen);
  const rules = lines.flatMap((line, place) => (/^=+( +=+)*\s*$/.test(line) ? [place] : []));
  if (rules.length < 2) return undefined;
  const hasHead = rules.length > 2;
  const rows = (from: number, to: number): Cell[][] => {
    const found: Cell[][] = [];
    for (const line of lines.slice(from, to)) {
      if (/^[-=]+( +[-=]+)*\s*$/.test(line) && line.includes('--')) continue;
      const cells = borders.map(([start, end], column) =>
        narrow(
          line.slice(start, column === borders.length - 1 ? undefined : Math.max(end, borders[column + 1]?.[0] ?? end)),
        ).trimEnd(),
      );
      const goesOn = isBlank(cells[0]) && found.length > 0;
      if (isBlank(line)) found.at(-1)?.forEach((cell) => void cell.lines.push(''));
      else if (goesOn) found.at(-1)?.forEach((cell, column) => void cell.lines.push(cells[column] ?? ''));
      else found.push(cells.map((text) => ({ lines: [text], columns: 1, rows: 1 })));
    }
    return found;
  };
  const [first = 0, second = 0, last = second] = rules;
  return {
    head: hasHead ? rows(first + 1, second) : [],
    body: hasHead ? rows(second + 1, last) : rows(first + 1, second),
  };
}

/** Drawn with `+`, `-` and `|`; a line of `=` ends the head. Cells may span columns and rows. */
export function readGridTable(lines: Lines): Table | undefined {
  const width = (lines[0] as string).trimEnd().length;
  const grid = lines.map((line) => widen(line.trimEnd()).padEnd(width));
  const columnEdges = cornerColumns(
    grid.filter((line) => /\+[-=]/.test(line)),
    width,
  );
  const rowEdges = grid.flatMap((line, row) =>
    /^[+|].*\+[-=]{2,}\+/.test(line) || /^\+[-=]+/.test(line) ? [row] : [],
  );
  if (columnEdges.length < 2 || rowEdges.length < 2 || columnEdges.length * grid.length > MOST_CELLS) return undefined;
  const headEnd = grid.findIndex((line) => /^\+=[+=]*\+$/.test(line.trim()));
  const head: Cell[][] = [];
  const body: Cell[][] = [];
  for (let r = 0; r + 1 < rowEdges.length; r++) {
    const top = rowEdges[r] as number;
    const cells: Cell[] = [];
    for (let c = 0; c + 1 < columnEdges.length; ) {
      const left = columnEdges[c] as number;
      if (!isRule(grid[top]?.slice(left, columnEdges[c + 1] as number) ?? '')) {
        c++; // the cell above reaches down to here
        continue;
      }
      let columns = 1;
      while (
        c + columns + 1 < columnEdges.length &&
        !'|+'.includes(grid[top + 1]?.[columnEdges[c + columns] as number] ?? '|')
      )
        columns++;
      const right = columnEdges[c + columns] as number;
      let rows = 1;
      while (r + rows + 1 < rowEdges.length && !isRule(grid[rowEdges[r + rows] as number]?.slice(left, right) ?? ''))
        rows++;
      const text = grid.slice(top + 1, rowEdges[r + rows]).map((line) => narrow(line.slice(left + 1, right)));
      cells.push({ lines: dedent(text), columns, rows });
      c += columns;
    }
    (top < headEnd ? head : body).push(cells);
  }
  return { head, body };
}

function isRule(piece: string): boolean {
  return /^[+|][-=+]+$/.test(piece.trimEnd());
}

/** The columns where some line has a corner. */
function cornerColumns(grid: Lines, width: number): number[] {
  const found = new Set<number>();
  for (const line of grid)
    for (const { index } of line.matchAll(/\+/g)) if (index < width && /^[+|]/.test(line)) found.add(index);
  return [...found].sort((a, b) => a - b);
}
