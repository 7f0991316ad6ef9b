import type { Order } from './search.ts';

/** What somebody asked of a list of projects. It stands in the address, so that the way back leads to it, and can be sent to others. */
export interface FinderState {
  query: string;
  /** Empty: as the list is, or with a query the best first. */
  order: Order | '';
  /** `musl-x86_64`, and `3.11`; empty: any. */
  platform: string;
  python: string;
}

const MARK = '#?';

export function readState(): FinderState {
  const { hash } = location;
  const values = new URLSearchParams(hash.startsWith(MARK) ? hash.slice(MARK.length) : '');
  const order = values.get('sort') ?? '';
  return {
    query: values.get('q') ?? '',
    order: order === 'name' || order === 'size' || order === 'changed' ? order : '',
    platform: values.get('platform') ?? '',
    python: values.get('python') ?? '',
  };
}

/** Replaces the address instead of adding to the history: one way back leads out of a search, not one for each letter. */
export function writeState(state: FinderState): void {
  const values = new URLSearchParams();
  if (state.query !== '') values.set('q', state.query);
  if (state.order !== '') values.set('sort', state.order);
  if (state.platform !== '') values.set('platform', state.platform);
  if (state.python !== '') values.set('python', state.python);
  const hash = values.size === 0 ? '' : MARK + values;
  if (hash === location.hash || (hash === '' && !location.hash.startsWith(MARK))) return;
  history.replaceState(null, '', hash === '' ? location.pathname + location.search : hash);
}

export function isEmpty({ query, order, platform, python }: FinderState): boolean {
  return query.trim() === '' && order === '' && platform === '' && python === '';
}
