/** Small pieces that several pages have in common. */
import type { FirstRelease } from '../../standards/platforms/distributions.ts';
import { type Html, html } from '../html.ts';
import type { Words } from './words.ts';

/** A line to copy: the button appears where the script runs. Several lines are one text. @param label of the button, from `words.label` */
export function copyable(text: string | Html, words: Words, label: Html): Html {
  return html`<div class="copyable"><pre tabindex="0"><code>${text}</code></pre><button type="button" class="copy" data-copy hidden ${label}>${words.mark('copy')}</button></div>\n`;
}

/** A name of a file: it may be broken before each of its parts. */
export function breakable(filename: string): Html {
  return html`${filename.split(/(?=[-_.])/).map((part, place) => (place === 0 ? html`${part}` : html`<wbr>${part}`))}`;
}

/** The machines that files are for, as small marks. */
export function platformMarks(platforms: readonly string[], words: Words): Html {
  if (platforms.length === 0) return html``;
  const mark = (platform: string) =>
    html`<li class="mark ${platformClass(platform)}">${platformName(platform, words)}</li>`;
  return html`<ul class="marks">${platforms.map(mark)}</ul>`;
}

function platformName(platform: string, words: Words): Html | string {
  if (platform === 'any') return words.mark('anyMachine');
  if (platform === 'sdist') return words.mark('source');
  return libcName(platform);
}

/** People know machines by their libc, and tags by the names of old. @param platform as in platform-words.ts */
export function libcName(platform: string): string {
  return platform.replace(/^manylinux /, 'glibc ').replace(/^musllinux /, 'musl ');
}

function platformClass(platform: string): string {
  if (platform === 'any') return 'is-any';
  if (platform === 'sdist') return 'is-source';
  if (platform.startsWith('manylinux')) return 'is-glibc';
  if (platform.startsWith('musllinux')) return 'is-musl';
  return 'is-other';
}

type Rows = readonly (readonly [name: Html | string, value: Html | string | undefined])[];

/** A list of names and values; those without a value are left out. */
export function facts(rows: Rows): Html {
  return nameList('facts', rows);
}

/** As `facts`, side by side: a few that tell most. */
export function stats(rows: Rows): Html {
  return nameList('stats', rows);
}

function nameList(kind: 'facts' | 'stats', rows: Rows): Html {
  const filledRows = rows.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`],
  );
  return filledRows.length === 0 ? html`` : html`<dl class="${kind}">\n${filledRows}</dl>\n`;
}

/** Some HTML, or none of it. */
export function when(condition: unknown, make: () => Html): Html {
  return condition ? make() : html``;
}

/** The first releases that have a libc so new: `Debian 10 and later`, one beside the other. */
export function systemsList(systems: readonly FirstRelease[], words: Words): Html {
  const item = ({ name, release }: FirstRelease) => html`<li>${words.mark('andLater', `${name} ${release}`)}</li>`;
  return html`<ul class="systems">${systems.map(item)}</ul>`;
}
