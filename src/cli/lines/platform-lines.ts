/** The table of `kho platforms`: a line for each version, a column for each kind of machine, in it the Pythons that have a wheel. */
import type { CoverageCell, CoverageState } from '../../catalog/coverage.ts';
import type { PlatformTable, TableProject, TableVersion } from '../../needs/platform-table.ts';
import { counted } from '../amounts.ts';
import { bold, dim, green, type Line, red, type Span, yellow } from '../text.ts';
import { problemLines } from './problem-lines.ts';

export interface PlatformLinesOptions {
  /** Of the terminal, in characters. */
  width: number;
  /** All versions, and also projects that are for any machine and the same everywhere. */
  all: boolean;
}

/** Versions of a project that are shown, besides the newest one of each column. */
const NEWEST_VERSIONS = 3;
const GAP = 2;
const NAME_WIDTH = 24;

export function platformLines(table: PlatformTable, options: PlatformLinesOptions): Line[] {
  const projects = options.all ? table.projects : table.projects.filter((project) => !isPlain(project));
  const lines: Line[] = [];
  for (const columns of bandsOf(table, projects, options)) {
    if (lines.length > 0) lines.push('');
    lines.push(...band(table, projects, columns, options));
  }
  const held = projects.flatMap((project) => shownVersions(project, options).flatMap((version) => version.held));
  if (held.length > 0) lines.push('', [bold('held')], ...problemLines(held));
  const plain = table.projects.length - projects.length;
  if (plain > 0) {
    const what = `${counted(plain, 'project')} ${plain === 1 ? 'is' : 'are'} for any machine, and the same everywhere`;
    lines.push(...(lines.length > 0 ? [''] : []), [dim(`${what} (--all shows them)`)]);
  }
  return lines;
}

/** Nothing to compare: for any machine, and nobody lacks the newest. */
function isPlain({ versions, behind }: TableProject): boolean {
  if (behind.length > 0) return false;
  const states = new Set(versions.flatMap(({ cells }) => cells.flat().map(({ state }) => state)));
  return [...states].every((state) => state === 'pure' || state === 'excluded');
}

/** Places of columns that fit beside each other; most sites have one such band. */
function bandsOf(table: PlatformTable, projects: readonly TableProject[], options: PlatformLinesOptions): number[][] {
  const [nameWidth, versionWidth] = leadWidths(projects, options);
  const bands: number[][] = [];
  let left = 0;
  table.columns.forEach((_, column) => {
    const width = columnWidth(table, projects, column, options) + GAP;
    if (bands.length === 0 || width > left) {
      bands.push([]);
      left = options.width - nameWidth - versionWidth - GAP;
    }
    bands.at(-1)!.push(column);
    left -= width;
  });
  return projects.length > 0 ? bands : [];
}

function leadWidths(projects: readonly TableProject[], options: PlatformLinesOptions): [number, number] {
  const names = projects.map(({ name }) => Math.min(NAME_WIDTH, name.length));
  const versions = projects.flatMap((project) => shownVersions(project, options).map(({ version }) => version.length));
  return [Math.max(0, ...names), Math.max(0, ...versions)];
}

function columnWidth(
  table: PlatformTable,
  projects: readonly TableProject[],
  column: number,
  options: PlatformLinesOptions,
) {
  const cells = projects.flatMap((project) =>
    shownVersions(project, options).map(({ cells }) => cellWords(cells[column]!, table.pythons).text.length),
  );
  return Math.max(...headOf(table, column).map((text) => text.length), 0, ...cells);
}

/** Repository and platform, or one of them where it says both. */
function headOf({ columns }: PlatformTable, column: number): [string, string] {
  const { repository, platform, libcFloor } = columns[column]!;
  const named = repository === '.' ? '' : repository;
  return [named, `${platform}${libcFloor === undefined ? '' : ` ${libcFloor}`}`];
}

function band(
  table: PlatformTable,
  projects: readonly TableProject[],
  columns: number[],
  options: PlatformLinesOptions,
): Line[] {
  const [nameWidth, versionWidth] = leadWidths(projects, options);
  const widths = columns.map((column) => columnWidth(table, projects, column, options));
  const lead = ' '.repeat(nameWidth + versionWidth + 2 * GAP);
  const head = (part: 0 | 1) =>
    `${lead}${columns.map((column, place) => headOf(table, column)[part].padEnd(widths[place]! + GAP)).join('')}`.trimEnd();
  const lines: Line[] = [...(head(0).trim() === '' ? [] : [[bold(head(0))]]), [bold(head(1))]];
  for (const project of projects) {
    shownVersions(project, options).forEach(({ version, cells }, index) => {
      const name = index === 0 ? shortened(project.name, NAME_WIDTH) : '';
      const spans: (string | Span)[] = [
        bold(name.padEnd(nameWidth + GAP)),
        version.padEnd(versionWidth + GAP),
        ...columns.flatMap((column, place) => {
          const { text, state } = cellWords(cells[column]!, table.pythons);
          return [STYLES[state](text), ' '.repeat(widths[place]! + GAP - text.length)];
        }),
      ];
      lines.push(spans.slice(0, -1));
    });
    const behind = project.behind.filter(({ column }) => columns.includes(column));
    if (behind.length > 0) lines.push([' '.repeat(nameWidth + GAP), yellow(behindWords(table, behind))]);
  }
  return lines;
}

const plainText = (text: string): Span => ({ style: 'dim', text });
const STYLES: Record<CoverageState, (text: string) => Span> = {
  wheel: green,
  pure: green,
  sdist: yellow,
  yanked: yellow,
  held: red,
  excluded: plainText,
  missing: red,
};

function shortened(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

/** The newest ones, and of each column the newest that it has: so one sees how far it is behind. */
function shownVersions({ versions, behind }: TableProject, { all }: PlatformLinesOptions): TableVersion[] {
  if (all) return versions;
  const wanted = new Set(behind.map(({ newest }) => newest));
  return versions.filter(({ version }, index) => index < NEWEST_VERSIONS || wanted.has(version));
}

/** `3.10-3.12, sdist`; one word where all Pythons get the same. The state is that of the worst Python that counts. */
export function cellWords(
  cells: readonly CoverageCell[],
  pythons: readonly string[],
): { text: string; state: CoverageState } {
  const byState = new Map<CoverageState, number[]>();
  for (const [place, { state }] of cells.entries()) byState.set(state, [...(byState.get(state) ?? []), place]);
  const excluded = byState.get('excluded') ?? [];
  if (excluded.length === cells.length) return { text: 'other Python', state: 'excluded' };
  byState.delete('excluded');
  const [first] = byState.keys();
  if (byState.size === 1 && first !== undefined) {
    return { text: first === 'wheel' ? rangeWords(byState.get('wheel')!, pythons) : WORDS[first], state: first };
  }
  const words: string[] = [];
  const wheel = byState.get('wheel');
  if (wheel) words.push(rangeWords(wheel, pythons));
  for (const state of ['pure', 'sdist', 'yanked', 'held'] as const) {
    const places = byState.get(state);
    if (places) words.push(words.length === 0 ? `${rangeWords(places, pythons)} ${WORDS[state]}` : WORDS[state]);
  }
  return { text: words.join(', '), state: wheel || byState.has('pure') ? 'wheel' : first! };
}

const WORDS: Record<Exclude<CoverageState, 'wheel'>, string> & { wheel: string } = {
  ...{ wheel: 'wheel', pure: 'pure', sdist: 'sdist', yanked: 'yanked', held: 'held', excluded: '', missing: '-' },
};

/** `3.9-3.11, 3.13`: without gaps among the Pythons of the table. @param places sorted */
function rangeWords(places: readonly number[], pythons: readonly string[]): string {
  const ranges: [number, number][] = [];
  for (const place of places) {
    const last = ranges.at(-1);
    if (last && last[1] === place - 1) last[1] = place;
    else ranges.push([place, place]);
  }
  return ranges.map(([from, to]) => (from === to ? pythons[from] : `${pythons[from]}-${pythons[to]}`)).join(', ');
}

function behindWords(table: PlatformTable, behind: TableProject['behind']): string {
  const words = behind.map(({ column, releases, newest }) => {
    const name = columnName(table, column);
    return newest === undefined ? `${name}: none` : `${name}: ${counted(releases, 'release')} behind, at ${newest}`;
  });
  return words.join('; ');
}

/** The repository's name, where it is for one kind of machine only. */
function columnName({ columns }: PlatformTable, column: number): string {
  const { repository, platform } = columns[column]!;
  if (repository === '.') return platform;
  const isOnly = columns.filter((each) => each.repository === repository).length === 1;
  return isOnly ? repository : `${repository} ${platform}`;
}
