/** Texts of one language, filled in; and marked, so that the script can put another language's in their place. */
import { LANGUAGES, type Language } from '../../standards/languages.ts';
import { type Html, html } from '../html.ts';
import { uploadTime } from '../upload-time.ts';
import { en, type TextKey } from './texts/en.ts';
import { vi } from './texts/vi.ts';

/** A third language is a file beside these two, a line here, its code in standards/languages.ts, and its words for held files in texts/held-words.ts. */
export const TEXTS: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en, vi };

/** How numbers are written: between thousands, and before tenths. The script writes them as the reader's system does. */
const SEPARATORS: Readonly<Record<Language, readonly [group: string, decimal: string]>> = {
  en: [',', '.'],
  vi: ['.', ','],
};

const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** Of each language: its marks without values, which every page is full of. */
const MARKS = new Map(LANGUAGES.map((language) => [language, new Map<TextKey, Html>()]));

export class Words {
  readonly language: Language;

  constructor(language: Language) {
    this.language = language;
  }

  /** `{0}` stands for the first value. `one|many`: the first value is a count, and decides. */
  text(key: TextKey, ...values: (string | number)[]): string {
    const [one = '', many = one] = TEXTS[this.language][key].split('|');
    const form = values[0] === 1 ? one : many;
    return form.replace(/\{(\d)\}/g, (_, place) => {
      const value = values[Number(place)] ?? '';
      return typeof value === 'number' ? this.number(value) : value;
    });
  }

  /** As `text`, in an element that tells the script which text it is. */
  mark(key: TextKey, ...values: (string | number)[]): Html {
    if (values.length === 0) return this.#plainMark(key);
    return html`<span data-t="${key}" data-v="${JSON.stringify(values)}">${this.text(key, ...values)}</span>`;
  }

  /** Attributes: a label for those who do not see, and which text it is. */
  label(key: TextKey, ...values: (string | number)[]): Html {
    const marks = values.length === 0 ? '' : html` data-v-label="${JSON.stringify(values)}"`;
    return html`data-t-label="${key}"${marks} aria-label="${this.text(key, ...values)}"`;
  }

  #plainMark(key: TextKey): Html {
    const marks = MARKS.get(this.language) as Map<TextKey, Html>;
    let mark = marks.get(key);
    if (!mark) {
      mark = html`<span data-t="${key}">${this.text(key)}</span>`;
      marks.set(key, mark);
    }
    return mark;
  }

  /** `12,345`. */
  number(value: number): string {
    const [group] = SEPARATORS[this.language];
    return String(value).replace(/\B(?=(?:\d{3})+(?!\d))/g, group);
  }

  /** `12,345`, which the script writes in the reader's way. */
  count(value: number): Html {
    return this.mark('count', value);
  }

  /** `999 B`, `1.5 kB`, `12 MB`: powers of 1000, two digits or more. */
  size(bytes: number): Html {
    return html`<data class="size" value="${bytes}">${this.sizeText(bytes)}</data>`;
  }

  sizeText(bytes: number): string {
    if (bytes < 1000) return `${bytes} B`;
    let amount = bytes / 1000;
    let unit = 0;
    for (; amount >= 999.5 && unit < UNITS.length - 1; unit++) amount /= 1000; // 999.5 would be shown as 1000
    const digits = amount < 9.95 ? amount.toFixed(1).replace('.', SEPARATORS[this.language][1]) : amount.toFixed(0);
    return `${digits} ${UNITS[unit]}`;
  }

  /** `2026-11-22`, in UTC; the script adds how long ago that is. @param ms whole milliseconds since 1970 */
  day(ms: number): Html {
    const iso = isoTime(ms);
    return html`<time datetime="${iso}">${iso.slice(0, 'yyyy-mm-dd'.length)}</time>`;
  }
}

/** `2026-11-22T08:09:10Z`. @param ms milliseconds since 1970 */
export function isoTime(ms: number): string {
  return uploadTime(ms).replace(/\.\d+Z$/, 'Z');
}
