import { ageText, sizeText } from './measures.ts';
import { make, repository, wayTo } from './page.ts';
import type { Found } from './search.ts';
import type { Texts } from './texts.ts';

/** A row of the list, as the page has them. All text goes in as text. */
export function projectRow(project: Found, texts: Texts): HTMLTableRowElement {
  const { name, displayName, latest, summary, platforms, bytes, changedMs, status } = project;
  const title = make(
    'th',
    { scope: 'row' },
    make('a', { href: wayTo(repository, `project/${name}/index.html`) }, displayName),
  );
  if (status !== '') title.append(' ', make('span', { class: 'tag' }, texts.text(`is-${status}`)));
  if (summary !== '') title.append(make('span', { class: 'about' }, summary));
  return make(
    'tr',
    {},
    title,
    make('td', { class: 'version' }, latest),
    make('td', {}, marks(platforms, texts)),
    make('td', { class: 'number' }, sizeText(bytes, texts)),
    make('td', { class: 'day' }, ...(changedMs > 0 ? [day(changedMs, texts)] : [])),
  );
}

function day(ms: number, texts: Texts): HTMLTimeElement {
  const text = new Intl.DateTimeFormat(texts.locale, { dateStyle: 'medium' }).format(ms);
  return make(
    'time',
    { datetime: new Date(ms).toISOString() },
    text,
    ' ',
    make('span', { class: 'age' }, ageText(ms, texts)),
  );
}

function marks(platforms: readonly string[], texts: Texts): HTMLElement | string {
  if (platforms.length === 0) return '';
  return make(
    'ul',
    { class: 'marks' },
    ...platforms.map((platform) => make('li', { class: `mark ${kindOf(platform)}` }, platformName(platform, texts))),
  );
}

function kindOf(platform: string): string {
  if (platform === 'any') return 'is-any';
  if (platform === 'sdist') return 'is-source';
  if (platform.startsWith('manylinux')) return 'is-glibc';
  return platform.startsWith('musllinux') ? 'is-musl' : 'is-other';
}

export function platformName(platform: string, texts: Texts): string {
  if (platform === 'any') return texts.text('anyMachine');
  if (platform === 'sdist') return texts.text('source');
  return platform
    .replace(/^manylinux /, 'glibc ')
    .replace(/^musllinux /, 'musl ')
    .replace(/^(glibc|musl)-/, '$1 ');
}
