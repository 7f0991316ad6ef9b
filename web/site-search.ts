import { readState, writeState } from './finder-state.ts';
import { readersMachine } from './machine.ts';
import { make, repository, siteTitle, wayTo } from './page.ts';
import { find } from './search.ts';
import { type Known, type Place, SiteData } from './site-data.ts';
import type { Texts } from './texts.ts';

/** So many projects are shown at first, and with each `more`. */
const SHOWN = 20;

/** Search in all repositories: in the head of each page, and large on the front page. */
export function startSiteSearch(texts: Texts): void {
  const place = document.getElementById('find');
  if (place) new SiteSearch(place, texts).start();
}

class SiteSearch {
  readonly #texts: Texts;
  readonly #place: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #results = make('div', { class: 'results', id: 'results', hidden: '' });
  readonly #status = make('p', { class: 'found', role: 'status' });
  readonly #list = make('ol', { class: 'changes' });
  readonly #more = make('button', { type: 'button', class: 'more' });
  readonly #data = new SiteData();
  /** It lies above the page, and goes when somebody turns to the page. */
  readonly #isInHead: boolean;
  /** Of several searches on a page, `/` and the address belong to one. */
  readonly #isFirst: boolean;
  #shown = SHOWN;

  constructor(place: HTMLElement, texts: Texts) {
    this.#texts = texts;
    this.#place = place;
    this.#isInHead = place.closest('header') !== null;
    this.#isFirst = !this.#isInHead || document.getElementById('search') === null;
    const hasKeys = this.#isFirst && matchMedia('(hover: hover)').matches;
    this.#input = make('input', {
      ...{ type: 'search', id: 'search-all', autocomplete: 'off', spellcheck: 'false', enterkeyhint: 'search' },
      ...{ 'aria-label': texts.text('searchAll'), placeholder: texts.text(hasKeys ? 'searchAllHint' : 'searchAll') },
      ...{ 'aria-controls': 'results', ...(this.#isFirst && { 'aria-keyshortcuts': '/' }) },
    });
  }

  start(): void {
    this.#results.append(this.#status, this.#list, this.#more);
    this.#place.append(this.#input, this.#results);
    this.#place.hidden = false;
    this.#input.addEventListener('input', () => this.#ask());
    for (const event of ['focus', 'pointerenter'] as const) {
      this.#input.addEventListener(event, () => this.#load());
    }
    this.#more.addEventListener('click', () => {
      const before = this.#list.children.length;
      this.#shown += SHOWN;
      this.#show();
      this.#links()[before]?.focus();
    });
    document.addEventListener('keydown', (event) => this.#onKey(event));
    if (this.#isInHead) {
      document.addEventListener('pointerdown', (event) => this.#leave(event.target));
      document.addEventListener('focusin', (event) => this.#leave(event.target));
    }
    if (this.#hasAddress()) {
      window.addEventListener('hashchange', () => this.#readAddress());
      this.#readAddress();
    }
  }

  /** Where a list of projects has its own search, the address is that one's. */
  #hasAddress(): boolean {
    return !this.#isInHead && document.getElementById('finder') === null;
  }

  #readAddress(): void {
    this.#input.value = readState().query;
    if (this.#input.value !== '') this.#ask();
  }

  #ask(): void {
    this.#shown = SHOWN;
    if (this.#hasAddress()) writeState({ query: this.#input.value, order: '', platform: '', python: '' });
    if (!this.#data.isWhole) this.#load();
    this.#show();
  }

  #load(): void {
    const again = () => this.#show();
    void this.#data.load(this.#input.value, again).then(again);
  }

  #leave(target: EventTarget | null): void {
    if (!this.#place.contains(target as Node)) this.#results.hidden = true;
    else if (this.#input.value.trim() !== '') this.#results.hidden = false;
  }

  #show(): void {
    const query = this.#input.value;
    const isAsked = query.trim() !== '';
    this.#results.hidden = !isAsked || (this.#isInHead && !this.#place.contains(document.activeElement));
    if (!isAsked) {
      this.#list.replaceChildren();
      return;
    }
    const { hits, isNear } = find(this.#data.projects, query);
    const { isWhole } = this.#data;
    const sure = isWhole || !isNear ? hits : [];
    const stood = this.#list.contains(document.activeElement) ? document.activeElement?.getAttribute('href') : null;
    this.#list.replaceChildren(...sure.slice(0, this.#shown).map((project) => this.#item(project)));
    if (stood) (this.#links().find((link) => link.getAttribute('href') === stood) ?? this.#input).focus();
    this.#status.textContent = this.#says(hits.length, isNear);
    this.#more.hidden = sure.length <= this.#shown;
    this.#more.textContent = this.#texts.text('more', sure.length - this.#shown);
  }

  #says(count: number, isNear: boolean): string {
    if (!this.#data.isWhole) return this.#texts.text('stillSearching');
    if (count === 0) return this.#texts.text('nothingFound');
    return isNear ? this.#texts.text('didYouMean') : this.#texts.text('found', count);
  }

  #item({ name, displayName, summary, places, newest }: Known): HTMLLIElement {
    const own = places.find((place) => place.repository === repository) ?? this.#fitting(places) ?? newest;
    const tag = ({ repository: of, version }: Place) =>
      make(
        'a',
        { class: 'tag', href: wayTo(of, `project/${name}/index.html`) },
        of === '.' ? siteTitle : of,
        ...(version === own.version ? [] : [` ${version}`]),
      );
    const isClear = places.length === 1 && this.#data.platforms.size === 1;
    return make(
      'li',
      {},
      make(
        'a',
        { class: 'what', href: wayTo(own.repository, `project/${name}/index.html`) },
        displayName,
        ' ',
        make('span', { class: 'version' }, own.version),
      ),
      ...(summary === '' ? [] : [make('span', { class: 'about' }, summary)]),
      ...(isClear ? [] : [make('span', { class: 'places' }, ...places.flatMap((place) => [tag(place), ' ']))]),
    );
  }

  /** The first that has wheels for the reader's machine, as far as one was chosen. */
  #fitting(places: readonly Place[]): Place | undefined {
    const machine = readersMachine();
    const fits = ({ repository: of }: Place) => this.#data.platforms.get(of)?.includes(machine ?? '');
    return places.find(fits);
  }

  #links(): HTMLAnchorElement[] {
    return [...this.#list.querySelectorAll<HTMLAnchorElement>('a.what')];
  }

  /** As in a list of projects: `/` goes to the search, arrows to what it found and back, Enter to the first of these, Escape out. */
  #onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === '/' && this.#isFirst && !target.matches('input:not([type="radio"]), textarea, select')) {
      event.preventDefault();
      this.#input.focus();
      this.#input.select();
      return;
    }
    if (!this.#place.contains(target)) return;
    const links = this.#links();
    const place = links.indexOf(target as HTMLAnchorElement);
    if (event.key === 'ArrowDown' && (place >= 0 || target === this.#input))
      links[Math.min(place + 1, links.length - 1)]?.focus();
    else if (event.key === 'ArrowUp' && place >= 0) (links[place - 1] ?? this.#input).focus();
    else if (event.key === 'Enter' && target === this.#input) void this.#open();
    else if (event.key === 'Escape' && this.#input.value !== '') {
      this.#input.value = '';
      this.#input.focus();
      this.#ask();
    } else return;
    event.preventDefault();
  }

  /** The first that was found, once it is found: fast typists press Enter before the data is there. */
  async #open(): Promise<void> {
    if (this.#input.value.trim() === '') return;
    await this.#data.load(this.#input.value, () => undefined);
    this.#show();
    this.#links()[0]?.click();
  }
}
