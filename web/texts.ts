import { loadScript } from './load-script.ts';
import { root, textFiles } from './page.ts';

type Value = string | number;

/** The texts of one language, filled in. */
export class Texts {
  readonly language: string;
  /** With the reader's country, where the language is the reader's. */
  readonly locale: string;
  readonly #table: Record<string, string>;
  readonly #number: Intl.NumberFormat;

  constructor(language: string, table: Record<string, string>) {
    this.language = language;
    this.locale = navigator.languages.find((locale) => locale.split('-')[0] === language) ?? language;
    this.#table = table;
    this.#number = new Intl.NumberFormat(this.locale, { maximumFractionDigits: 0 });
  }

  /** `{0}` stands for the first value. `one|many`: the first value is a count, and decides. */
  text(key: string, ...values: readonly Value[]): string {
    const [one = '', many = one] = (this.#table[key] ?? '').split('|');
    return (values[0] === 1 ? one : many).replace(/\{(\d)\}/g, (_all, place: string) => {
      const value = values[Number(place)] ?? '';
      return typeof value === 'number' ? this.number(value) : value;
    });
  }

  number(value: number, digits = 0): string {
    return digits === 0
      ? this.#number.format(value)
      : value.toLocaleString(this.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }
}

declare global {
  interface Window {
    khoTexts: (language: string, table: Record<string, string>) => void;
  }
}

/** Undefined when the file is not there: it may be a copy of a single page. */
export async function loadTexts(language: string): Promise<Texts | undefined> {
  let texts: Texts | undefined;
  window.khoTexts = (of, table) => {
    texts = new Texts(of, table);
  };
  const file = textFiles[language];
  if (file !== undefined) await loadScript(root + file);
  return texts;
}

/** Put another language's texts into the page. */
export function markTexts(texts: Texts): void {
  document.documentElement.lang = texts.language;
  const title = document.querySelector<HTMLTitleElement>('title[data-title]');
  if (title) title.text = `${texts.text(title.dataset['title'] ?? '')} · ${title.dataset['site']}`;
  for (const element of document.querySelectorAll<HTMLElement>('[data-t]')) {
    element.textContent = texts.text(element.dataset['t'] ?? '', ...valuesOf(element.dataset['v']));
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-t-label]')) {
    element.setAttribute(
      'aria-label',
      texts.text(element.dataset['tLabel'] ?? '', ...valuesOf(element.dataset['vLabel'])),
    );
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-language]')) {
    element.hidden = element.dataset['language'] !== texts.language;
  }
}

function valuesOf(list = '[]'): Value[] {
  return JSON.parse(list) as Value[];
}
