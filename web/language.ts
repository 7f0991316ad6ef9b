import { recall, remember } from './memory.ts';
import { make, textFiles } from './page.ts';
import type { Texts } from './texts.ts';

/** What the reader chose, else what the browser says, else what the page is written in. */
export function readersLanguage(): string {
  const wanted = [recall('language'), ...navigator.languages.map((locale) => locale.split('-')[0])];
  return wanted.find((language) => language !== undefined && language in textFiles) ?? document.documentElement.lang;
}

export function offerLanguages(texts: Texts): void {
  const languages = Object.keys(textFiles);
  if (languages.length < 2) return;
  const options = languages.map((language) => {
    const name = new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language;
    const option = make('option', { value: language, lang: language }, name.charAt(0).toUpperCase() + name.slice(1));
    option.selected = language === texts.language;
    return option;
  });
  const select = make('select', { class: 'tool', 'aria-label': texts.text('language') }, ...options);
  select.addEventListener('change', () => {
    remember('language', select.value);
    location.reload();
  });
  document.getElementById('tools')?.append(select);
}
