import { platformName, projectRow } from './finder-rows.ts';
import { type FinderState, isEmpty, readState, writeState } from './finder-state.ts';
import { learnWords } from './learn-words.ts';
import { loadScript } from './load-script.ts';
import { make } from './page.ts';
import { type Found, find, fromRow, inOrder, type Order, type Row, runsOn } from './search.ts';
import type { Texts } from './texts.ts';

/** Rows that are shown at first, and with each `more`. */
const SHOWN = 100;

/** Between two looks at what came so far: on a quick link all of it is there before the second. */
const LOOK_AGAIN_MS = 1000;

const ORDERS: readonly (readonly [order: Order | '', text: string])[] = [
  ['', 'byName'],
  ['changed', 'byChange'],
  ['size', 'bySize'],
];

/** Who has no mouse has most likely no keys to press either. */
function searchHint(texts: Texts): string {
  return texts.text(matchMedia('(hover: hover)').matches ? 'searchHint' : 'search');
}

declare global {
  interface Window {
    khoSearch: (rows: Row[]) => void;
  }
}

/** Search, order and filters above a list of projects. */
export function startFinder(texts: Texts): void {
  const place = document.getElementById('finder');
  const table = document.querySelector<HTMLTableElement>('#project-table');
  if (place && table) new Finder(place, table, texts).start();
}

class Finder {
  readonly #texts: Texts;
  readonly #place: HTMLElement;
  readonly #table: HTMLTableElement;
  readonly #body: HTMLTableSectionElement;
  /** The rows of the page itself. */
  readonly #ownRows: Node[];
  readonly #input: HTMLInputElement;
  readonly #platform: HTMLSelectElement;
  readonly #python: HTMLSelectElement;
  /** Where the heads of columns have no room. */
  readonly #order: HTMLSelectElement;
  readonly #filters = make('span', { class: 'filters' });
  readonly #status = make('p', { class: 'found', role: 'status' });
  readonly #more: HTMLButtonElement;
  #state: FinderState = readState();
  /** All projects of the repository, not only those of this page, as far as they are there. */
  readonly #projects: Found[] = [];
  #isWhole = false;
  #loading: Promise<void> | undefined;
  #shown = SHOWN;

  constructor(place: HTMLElement, table: HTMLTableElement, texts: Texts) {
    this.#texts = texts;
    this.#place = place;
    this.#table = table;
    this.#body = table.tBodies[0] as HTMLTableSectionElement;
    this.#ownRows = [...this.#body.childNodes];
    this.#input = make('input', {
      ...{ type: 'search', id: 'search', autocomplete: 'off', spellcheck: 'false', enterkeyhint: 'search' },
      ...{ 'aria-label': texts.text('search'), placeholder: searchHint(texts), 'aria-keyshortcuts': '/' },
    });
    this.#platform = make(
      'select',
      { id: 'runs-on', 'aria-label': texts.text('platform') },
      make('option', { value: '' }, texts.text('allMachines')),
    );
    this.#python = make(
      'select',
      { id: 'python', 'aria-label': texts.text('python') },
      make('option', { value: '' }, texts.text('anyPython')),
    );
    this.#order = make(
      'select',
      { id: 'order', 'aria-label': texts.text('sortBy') },
      ...ORDERS.map(([order, text]) => make('option', { value: order }, texts.text(text))),
    );
    this.#more = make('button', { type: 'button', class: 'more' });
  }

  start(): void {
    this.#filters.append(make('span', {}, this.#texts.text('runsOn')), ' ', this.#platform, ' ', this.#python);
    const sorting = make('span', { class: 'sorting' }, this.#texts.text('sortBy'), ' ', this.#order);
    this.#place.append(this.#input, this.#filters, sorting, this.#status);
    this.#place.hidden = false;
    this.#table.parentElement?.after(this.#more);
    this.#more.hidden = true;
    this.#offerMachines();
    this.#offerOrders();
    this.#listen();
    this.#readAddress();
  }

  #listen(): void {
    const ask = () => {
      this.#change({
        query: this.#input.value,
        platform: this.#platform.value,
        python: this.#python.value,
      });
    };
    this.#input.addEventListener('input', ask);
    this.#platform.addEventListener('change', ask);
    this.#python.addEventListener('change', ask);
    this.#order.addEventListener('change', () => this.#change({ order: this.#order.value as Order | '' }));
    for (const element of [this.#input, this.#platform, this.#python, this.#order]) {
      for (const event of ['focus', 'pointerenter'])
        element.addEventListener(event, () => void this.#load(), { once: true });
    }
    this.#more.addEventListener('click', () => {
      this.#shown += SHOWN;
      this.#show();
    });
    window.addEventListener('hashchange', () => this.#readAddress());
    document.addEventListener('keydown', (event) => this.#onKey(event));
  }

  #readAddress(): void {
    this.#state = readState();
    this.#input.value = this.#state.query;
    this.#platform.value = this.#state.platform;
    this.#python.value = this.#state.python;
    this.#show();
  }

  #change(change: Partial<FinderState>): void {
    this.#state = { ...this.#state, ...change };
    this.#shown = SHOWN;
    writeState(this.#state);
    this.#show();
  }

  /** Resolves once all projects are there. */
  #load(): Promise<void> {
    this.#loading ??= this.#loadFiles();
    return this.#loading;
  }

  async #loadFiles(): Promise<void> {
    window.khoSearch = (rows) => {
      for (const row of rows) this.#projects.push(fromRow(row));
    };
    const [first, ...rest] = (this.#place.dataset['search'] ?? '').split(' ').filter(Boolean);
    let looked = 0;
    const look = () => {
      if (this.#projects.length === 0 || (looked > 0 && performance.now() - looked < LOOK_AGAIN_MS)) return;
      this.#show();
      looked = performance.now();
    };
    // The first one by itself: on a thin link it is there soon, and something to look at.
    if (first !== undefined) await loadScript(first);
    if (rest.length > 0) look();
    await Promise.all(rest.map((file) => loadScript(file).then(look)));
    this.#isWhole = true;
    learnWords(this.#projects);
    this.#show();
  }

  #offerMachines(): void {
    const { platforms = '', pythons = '' } = this.#place.dataset;
    for (const platform of platforms.split(' ').filter(Boolean)) {
      this.#platform.append(make('option', { value: platform }, platformName(platform, this.#texts)));
    }
    for (const python of pythons.split(' ').filter(Boolean).reverse()) {
      this.#python.append(make('option', { value: python }, `Python ${python}`));
    }
    // Where everything runs everywhere there is nothing to choose.
    this.#filters.hidden = platforms === '';
  }

  /** With what is there of the projects; until anything is, the page stays as it was. */
  #show(): void {
    if (isEmpty(this.#state)) {
      this.#showRows(this.#ownRows);
      this.#afterwards('', 0);
      return;
    }
    if (!this.#isWhole) {
      void this.#load();
      if (this.#projects.length === 0) return;
    }
    const { hits, says } = this.#find();
    this.#showRows(hits.slice(0, this.#shown).map((project) => projectRow(project, this.#texts)));
    this.#afterwards(says, hits.length - this.#shown);
  }

  /** Whoever stands on a row stays there when more comes in. */
  #showRows(rows: readonly Node[]): void {
    if (this.#body.firstChild === rows[0] && this.#body.childNodes.length === rows.length) return;
    const stood = document.activeElement;
    const href = this.#body.contains(stood) ? stood?.getAttribute('href') : undefined;
    this.#body.replaceChildren(...rows);
    if (href) (this.#body.querySelector<HTMLElement>(`a[href="${CSS.escape(href)}"]`) ?? this.#input).focus();
  }

  #find(): { hits: Found[]; says: string } {
    const { query, order, platform, python } = this.#state;
    const all = this.#projects;
    const fitting = platform === '' && python === '' ? all : all.filter((project) => runsOn(project, platform, python));
    const isAsked = query.trim() !== '';
    const { hits, isNear } = isAsked ? find(fitting, query) : { hits: fitting, isNear: false };
    const sorted = isAsked && order === '' ? hits : inOrder(hits, order || 'name');
    // What is nearly so is told once nothing else can come any more.
    if (!this.#isWhole) return { hits: isNear ? [] : sorted, says: this.#texts.text('stillSearching') };
    if (hits.length === 0) return { hits, says: this.#texts.text('nothingFound') };
    return { hits: sorted, says: isNear ? this.#texts.text('didYouMean') : this.#texts.text('found', hits.length) };
  }

  #afterwards(says: string, left: number): void {
    this.#status.textContent = says;
    if (this.#table.parentElement) this.#table.parentElement.hidden = says === this.#texts.text('nothingFound');
    this.#more.hidden = left <= 0;
    this.#more.textContent = this.#texts.text('more', left);
    this.#table.setAttribute('aria-busy', String(says !== '' && !this.#isWhole));
    const [first] = this.#order.options;
    if (first) first.text = this.#texts.text(this.#state.query.trim() === '' ? 'byName' : 'byFit');
    this.#order.value = this.#state.order === 'name' ? '' : this.#state.order;
    for (const pager of document.querySelectorAll<HTMLElement>('.pager')) pager.hidden = says !== '';
    for (const head of this.#table.querySelectorAll<HTMLElement>('th[data-sort]')) {
      const isOrder = head.dataset['sort'] === (this.#state.order || (this.#state.query === '' ? 'name' : ''));
      if (isOrder) head.setAttribute('aria-sort', head.dataset['sort'] === 'name' ? 'ascending' : 'descending');
      else head.removeAttribute('aria-sort');
    }
  }

  /** A click on the head of a column; a second one takes it back. */
  #offerOrders(): void {
    for (const head of this.#table.querySelectorAll<HTMLElement>('th[data-sort]')) {
      const order = head.dataset['sort'] as Order;
      const button = make('button', { type: 'button', class: 'sort' }, ...head.childNodes);
      button.addEventListener('click', () => this.#change({ order: this.#state.order === order ? '' : order }));
      head.append(button);
    }
  }

  /** `/` goes to the search, arrows to what it found and back, Enter to the first of these, Escape out. */
  #onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const isTyping = target.matches('input:not([type="radio"]), textarea, select');
    // Enter also ends a word that is being put together, as in Vietnamese.
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    // On the front page it belongs to the search in all repositories.
    if (event.key === '/' && !isTyping && !document.querySelector('main #find')) {
      event.preventDefault();
      this.#input.focus();
      this.#input.select();
      return;
    }
    const links = [...this.#body.querySelectorAll<HTMLAnchorElement>('th a')];
    const place = links.indexOf(target as HTMLAnchorElement);
    if (target !== this.#input && place < 0) return;
    if (event.key === 'ArrowDown') links[Math.min(place + 1, links.length - 1)]?.focus();
    else if (event.key === 'ArrowUp' && target !== this.#input) (links[place - 1] ?? this.#input).focus();
    else if (event.key === 'Enter' && target === this.#input) void this.#open();
    else if (event.key === 'Escape' && this.#input.value !== '') {
      this.#input.value = '';
      this.#input.focus();
      this.#change({ query: '' });
    } else return;
    event.preventDefault();
  }

  /** The first that was found, once it is found: fast typists press Enter before the data is there. */
  async #open(): Promise<void> {
    if (this.#input.value.trim() === '') return;
    await this.#load();
    this.#body.querySelector<HTMLAnchorElement>('th a')?.click();
  }
}
