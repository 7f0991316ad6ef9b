/** The results as Markdown tables. Pure. */
import { LABELS, type Label } from './contestants.ts';
import { GOALS, judge } from './goals.ts';
import type { Cost } from './measure.ts';
import { medianCost } from './measure.ts';
import { costOf, ratio, type Series, type StartUp } from './results.ts';
import { FILE_SYSTEMS } from './sites.ts';

export interface Results {
  series: Series[];
  startUp: StartUp | undefined;
  /** Lines about the machine, and about what could not be measured. */
  remarks: string[];
}

export function renderReport(results: Results): string {
  const parts = [
    results.remarks.map((remark) => `- ${remark}`).join('\n'),
    '### Goals',
    renderGoals(results),
    ...results.series.flatMap((series) => [seriesTitle(series), renderSeries(series)]),
    '### Growth',
    renderGrowth(results.series),
  ];
  if (results.startUp) parts.push('### Start-up', renderStartUp(results.startUp));
  return parts.join('\n\n');
}

function renderGoals(results: Results): string {
  const rows = GOALS.map((goal) => {
    const found = FILE_SYSTEMS.map((fileSystem) => judge(goal, goal.measured(results, fileSystem)));
    return [goal.what, goal.must ?? '', goal.aim ?? '', found[0], goal.once ? '' : found[1]];
  });
  return table(['what', 'must', 'aim', ...FILE_SYSTEMS], rows);
}

function seriesTitle({ files, fileSystem, bytes, rounds }: Series): string {
  const average = (bytes / files / 1000).toFixed(1);
  return `### ${count(files)} files of ${average} kB on average, ${fileSystem}, rounds: ${rounds.length}`;
}

function renderSeries(series: Series): string {
  const rows = (Object.keys(LABELS) as Label[]).flatMap((label) => {
    const cost = costOf(series, label);
    if (!cost) return [];
    const share = ratio(series, label, 'json');
    return [[LABELS[label], seconds(cost.wallMs), seconds(cost.cpuMs), megabytes(cost), share?.toFixed(2) ?? '']];
  });
  return table(['', 'wall, s', 'CPU, s', 'peak, MB', 'wall / dumb-pypi with JSON list and script'], rows);
}

function renderGrowth(all: Series[]): string {
  const labels = ['khoCold', 'khoUnchanged', 'khoAdded', 'json'] as const;
  const rows = all.map((series) => {
    const perFile = labels.map((label) => {
      const cost = costOf(series, label);
      return cost ? ((cost.wallMs * 1000) / series.files).toFixed(0) : '';
    });
    const cold = costOf(series, 'khoCold');
    return [count(series.files), series.fileSystem, ...perFile, cold ? megabytes(cold) : ''];
  });
  const heads = labels.map((label) => `${LABELS[label]}, µs a file`);
  return table(['files', 'on', ...heads, 'peak of the first build, MB'], rows);
}

function renderStartUp({ kho, node }: StartUp): string {
  const row = (name: string, costs: Cost[]) => {
    const cost = medianCost(costs);
    return [name, cost.wallMs.toFixed(1), cost.cpuMs.toFixed(1), megabytes(cost)];
  };
  return table(
    [`medians of ${kho.length}`, 'wall, ms', 'CPU, ms', 'peak, MB'],
    [row('`node dist/kho.js --version`', kho), row('`node -e 0`', node)],
  );
}

export function table(head: readonly unknown[], rows: readonly (readonly unknown[])[]): string {
  const line = (cells: readonly unknown[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map((_, index) => (index === 0 ? '---' : '--:')).join('|')}|`, ...rows.map(line)].join(
    '\n',
  );
}

const seconds = (milliseconds: number) =>
  Number.isNaN(milliseconds) ? '' : (milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1);
const megabytes = (cost: Cost) => (cost.peakBytes / 1e6).toFixed(0);
/** Not toLocaleString, which differs from machine to machine. */
const count = (number: number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');
