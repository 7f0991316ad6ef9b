/** Pictures of a repository: bars and a calendar. All that they show is said in words too; drawings are for those who see. */
import { type Html, html } from '../html.ts';
import type { PagePlace } from './layout.ts';
import { when } from './parts.ts';
import {
  dayText,
  type MachineShare,
  type Pictures,
  placeInYear,
  type RoomTaken,
  WEEKS,
  type Year,
} from './pictures.ts';
import { PLATFORMS_PAGE, projectPath } from './places.ts';
import type { Words } from './words.ts';

export function picturesSection({ machines, room, year }: Pictures, place: PagePlace, words: Words): Html {
  const figures = [
    when(machines.length > 0, () => machinesFigure(machines, place, words)),
    when(room.largest.length > 1, () => roomFigure(room, place, words)),
    when(year, () => yearFigure(year as Year, words)),
  ].filter(({ text }) => text !== '');
  if (figures.length === 0) return html``;
  return html`<section id="pictures" class="pictures" tabindex="0" ${words.label('pictures')}>
${figures}</section>
`;
}

function machinesFigure(machines: readonly MachineShare[], place: PagePlace, words: Words): Html {
  const row = ({ platform, runs, partly, source, nothing }: MachineShare) => {
    const all = runs + partly + source + nothing;
    const parts = [
      ['runs', runs],
      ['partly', partly],
      ['source', source],
    ] as const;
    return html`<li><span class="name">${platform}</span> <span class="amount">${words.mark('shareOf', runs + partly, all)}</span>${bar(parts, all)}</li>
`;
  };
  const legend = [
    ['runs', 'runsThere', machines.some(({ runs }) => runs > 0)],
    ['partly', 'runsPartly', machines.some(({ partly }) => partly > 0)],
    ['source', 'onlySource', machines.some(({ source }) => source > 0)],
    ['nothing', 'stateMissing', machines.some(({ nothing }) => nothing > 0)],
  ] as const;
  return html`<figure class="box"><figcaption><h2>${words.mark('byMachine')}</h2></figcaption>
<ul class="bars">
${machines.map(row)}</ul>
<p class="legend">${legend.filter(([, , isThere]) => isThere).map(([kind, key]) => html`<span>${swatch(kind)} ${words.mark(key)}</span> `)}</p>
<p class="sub"><a href="${place.inRepository(PLATFORMS_PAGE)}">${words.mark('allPlatforms')}</a></p>
</figure>
`;
}

function roomFigure({ largest, others }: RoomTaken, place: PagePlace, words: Words): Html {
  const most = Math.max(...largest.map(({ bytes }) => bytes));
  const row = ({ name, displayName, bytes }: RoomTaken['largest'][number]) =>
    html`<li><a class="name" href="${place.inRepository(projectPath(name))}">${displayName}</a> <span class="amount">${words.size(bytes)}</span>${bar([['room', bytes]], most)}</li>
`;
  return html`<figure class="box"><figcaption><h2>${words.mark('roomByProject')}</h2></figcaption>
<ul class="bars">
${largest.map(row)}${when(
  others.projects > 0,
  () =>
    html`<li><span class="name quiet">${words.mark('otherProjects', others.projects)}</span> <span class="amount">${words.size(others.bytes)}</span></li>
`,
)}</ul>
</figure>
`;
}

/** Parts of a whole, one beside the other, as wide as its place. */
function bar(parts: readonly (readonly [kind: string, amount: number])[], all: number): Html {
  let x = 0;
  const drawn = parts.flatMap(([kind, amount]) => {
    const width = all === 0 ? 0 : Math.round((amount / all) * 10_000) / 100;
    const at = x;
    x = Math.round((x + width) * 100) / 100;
    return width === 0 ? [] : [html`<rect class="${kind}" x="${at}" width="${width}" height="8"/>`];
  });
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">${drawn}</svg>`;
}

function swatch(kind: string): Html {
  return html`<svg class="swatch" viewBox="0 0 8 8" width="10" height="10" aria-hidden="true" focusable="false"><rect class="${kind}" width="8" height="8"/></svg>`;
}

/** Of a cell with the gap beside it, of the room for names of months, and of a half year with both. */
const STEP = 10;
const HEAD = 12;
const HALF_HEIGHT = HEAD + 7 * STEP + 4;
const HALF_WEEKS = WEEKS / 2;

/** Where a week is drawn. */
function placeOf(week: number): { x: number; y: number } {
  const half = Math.floor(week / HALF_WEEKS);
  return { x: (week - half * HALF_WEEKS) * STEP, y: half * HALF_HEIGHT };
}

function yearFigure({ lastDay, days }: Year, words: Words): Html {
  const releases = days.reduce((sum, day) => sum + day.releases, 0);
  const busiest = days.reduce((most, day) => (day.releases >= most.releases ? day : most));
  const counts = new Map(days.map((day) => [day.day, day.releases]));
  const [from, to] = [dayText(firstDay(lastDay)), dayText(lastDay)];
  const cells = Array.from({ length: lastDay - firstDay(lastDay) + 1 }, (_, at) => {
    const day = firstDay(lastDay) + at;
    const { week, weekday } = placeInYear(day, lastDay) as { week: number; weekday: number };
    const { x, y } = placeOf(week);
    const count = counts.get(day);
    return html`<rect class="day${count === undefined ? '' : html` is-${level(count)}`}" x="${x}" y="${y + HEAD + weekday * STEP}" width="8" height="8"${count === undefined ? html`/>` : html`><title>${dayText(day)}: ${count}</title></rect>`}`;
  });
  return html`<figure class="box year"><figcaption><h2>${words.mark('lastYear')}</h2></figcaption>
<svg viewBox="0 0 ${HALF_WEEKS * STEP} ${2 * HALF_HEIGHT}" aria-hidden="true" focusable="false">${months(lastDay)}${cells}</svg>
<p class="quiet">${words.mark('yearSays', releases, from, to)} ${words.mark('yearBusiest', busiest.releases, dayText(busiest.day))}</p>
</figure>
`;
}

/** The Monday of the first week. */
function firstDay(lastDay: number): number {
  const { weekday } = placeInYear(lastDay, lastDay) as { weekday: number };
  return lastDay - weekday - 7 * (WEEKS - 1);
}

/** Above the week in which a month begins its number, and in January the year. */
function months(lastDay: number): Html[] {
  return Array.from({ length: WEEKS }, (_, week) => week).flatMap((week) => {
    const monday = firstDay(lastDay) + 7 * week;
    const begins = Array.from({ length: 7 }, (_, at) => dayText(monday + at)).find((text) => text.endsWith('-01'));
    if (begins === undefined || week === WEEKS - 1) return [];
    const [year = '', month = ''] = begins.split('-');
    const { x, y } = placeOf(week);
    return [html`<text x="${x}" y="${y + 9}">${month === '01' ? year : String(Number(month))}</text>`];
  });
}

/** 1, 2 to 3, 4 to 7, 8 and more. */
function level(releases: number): number {
  return Math.min(4, 1 + Math.floor(Math.log2(releases)));
}
