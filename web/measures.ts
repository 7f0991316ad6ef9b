import { make } from './page.ts';
import type { Texts } from './texts.ts';

const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** `999 B`, `1.5 kB`, `12 MB`: as the pages have it, with the reader's signs. */
export function sizeText(bytes: number, texts: Texts): string {
  if (bytes < 1000) return `${bytes} B`;
  let amount = bytes / 1000;
  let unit = 0;
  for (; amount >= 999.5 && unit < UNITS.length - 1; unit++) amount /= 1000;
  return `${texts.number(amount, amount < 9.95 ? 1 : 0)} ${UNITS[unit]}`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['week', 7 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
] as const;

/** How long ago that is, or the near future of a clock that goes wrong. */
export function ageText(ms: number, texts: Texts, now = Date.now()): string {
  const age = now - ms;
  const [unit, length] = STEPS.find(([, length]) => Math.abs(age) >= length) ?? [];
  if (unit === undefined || length === undefined) return texts.text('justNow');
  const text = new Intl.RelativeTimeFormat(texts.locale, { numeric: 'auto' }).format(-Math.trunc(age / length), unit);
  return text.charAt(0).toLocaleLowerCase(texts.locale) + text.slice(1); // it stands behind a date: "· Hôm qua" begins no sentence
}

/** Write sizes and times below an element in the reader's way, with ages. */
export function writeMeasures(below: ParentNode, texts: Texts): void {
  for (const size of below.querySelectorAll<HTMLDataElement>('data.size'))
    size.textContent = sizeText(Number(size.value), texts);
  const day = new Intl.DateTimeFormat(texts.locale, { dateStyle: 'medium' });
  const whole = new Intl.DateTimeFormat(texts.locale, { dateStyle: 'full', timeStyle: 'medium' });
  for (const time of below.querySelectorAll('time')) {
    const ms = Date.parse(time.dateTime);
    if (Number.isNaN(ms)) continue;
    time.title = whole.format(ms);
    time.replaceChildren(day.format(ms), ' ', make('span', { class: 'age' }, ageText(ms, texts)));
  }
}
