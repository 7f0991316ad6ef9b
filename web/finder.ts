import { platformName, projectRow } from './finder-rows.ts';
import { type FinderState, isEmpty, readState, writeState } from './finder-state.ts';
import { loadScript } from './load-script.ts';
import { make } from './page.ts';
import { type Found, fromRow, inOrder, nearNames, type Order, type Row, runsOn, search } from './search.ts';
import type { Texts } from './texts.ts';

/** Rows that are shown at first, and with each `more`. */
const SHOWN = 100;

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
  readonly #filters = make('span', { class: 'filters' });
  readonly #status = make('p', { class: 'found', role: 'status' });
  readonly #more: HTMLButtonElement;
  #state: FinderState = readState();
  #data: Promise<Found[]> | undefined;
  #shown = SHOWN;
  /** Counts what was asked: an answer that comes late is dropped. */
  #asked = 0;

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
    this.#more = make('button', { type: 'button', class: 'more' });
  }

  start(): void {
    this.#filters.append(make('span', {}, this.#texts.text('runsOn')), ' ', this.#platform, ' ', this.#python);
    this.#place.append(this.#input, this.#filters, this.#status);
    this.#place.hidden = false;
    this.#table.parentElement?.after(this.#more);
    this.#more.hidden = true;
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
    for (const element of [this.#input, this.#platform, this.#python]) {
      for (const event of ['focus', 'pointerenter'])
        element.addEventListener(event, () => void this.#load(), { once: true });
    }
    this.#more.addEventListener('click', () => {
      this.#shown += SHOWN;
      void this.#show();
    });
    window.addEventListener('hashchange', () => this.#readAddress());
    document.addEventListener('keydown', (event) => this.#onKey(event));
  }

  #readAddress(): void {
    this.#state = readState();
    this.#input.value = this.#state.query;
    void this.#show();
  }

  #change(change: Partial<FinderState>): void {
    this.#state = { ...this.#state, ...change };
    this.#shown = SHOWN;
    writeState(this.#state);
    void this.#show();
  }

  /** All projects of the repository, not only those of this page. */
  #load(): Promise<Found[]> {
    this.#data ??= (async () => {
      const found: Found[] = [];
      window.khoSearch = (rows) => {
        for (const row of rows) found.push(fromRow(row));
      };
      const files = (this.#place.dataset['search'] ?? '').split(' ').filter(Boolean);
      await Promise.all(files.map(loadScript));
      this.#offerMachines(found);
      return found;
    })();
    return this.#data;
  }

  #offerMachines(projects: readonly Found[]): void {
    const machines = projects.flatMap(({ runs = [] }) => runs.map((machine) => machine.split(' ')));
    for (const platform of [...new Set(machines.map(([platform = '']) => platform))].sort()) {
      this.#platform.append(make('option', { value: platform }, platformName(platform, this.#texts)));
    }
    const pythons = new Set(machines.flatMap(([, ...pythons]) => pythons));
    const minor = (python: string) => Number(python.split('.')[1]);
    for (const python of [...pythons].sort((a, b) => minor(b) - minor(a))) {
      this.#python.append(make('option', { value: python }, `Python ${python}`));
    }
    // Where everything runs everywhere there is nothing to choose.
    this.#filters.hidden = machines.length === 0;
  }

  async #show(): Promise<void> {
    const asked = ++this.#asked;
    if (isEmpty(this.#state)) {
      this.#body.replaceChildren(...this.#ownRows);
      this.#afterwards('', 0);
      return;
    }
    const all = await this.#load();
    if (asked !== this.#asked) return;
    const { query, order, platform, python } = this.#state;
    this.#platform.value = platform;
    this.#python.value = python;
    const fitting = platform === '' && python === '' ? all : all.filter((project) => runsOn(project, platform, python));
    let hits = query.trim() === '' ? inOrder(fitting, order || 'name') : search(fitting, query);
    let says = this.#texts.text('found', hits.length);
    if (hits.length === 0 && query.trim() !== '') {
      hits = nearNames(fitting, query);
      says = this.#texts.text(hits.length > 0 ? 'didYouMean' : 'nothingFound');
    } else if (hits.length === 0) says = this.#texts.text('nothingFound');
    if (order !== '' && query.trim() !== '') hits = inOrder(hits, order);
    this.#body.replaceChildren(...hits.slice(0, this.#shown).map((project) => projectRow(project, this.#texts)));
    this.#afterwards(says, hits.length - this.#shown);
  }

  #afterwards(says: string, left: number): void {
    this.#status.textContent = says;
    this.#more.hidden = left <= 0;
    this.#more.textContent = this.#texts.text('more', left);
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
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/' && !isTyping) {
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
    await this.#show();
    this.#body.querySelector<HTMLAnchorElement>('th a')?.click();
  }
}
