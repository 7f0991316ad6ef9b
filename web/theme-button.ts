import { remember } from './memory.ts';
import { make } from './page.ts';
import type { Texts } from './texts.ts';
import { applyTheme, type Theme } from './theme.ts';

const THEMES: readonly { theme: Theme; sign: string; text: string }[] = [
  { theme: undefined, sign: '◐', text: 'themeSystem' },
  { theme: 'light', sign: '☀', text: 'themeLight' },
  { theme: 'dark', sign: '☾', text: 'themeDark' },
];

/** One button that goes through the themes. */
export function offerThemes(texts: Texts): void {
  const button = make('button', { type: 'button', class: 'tool' });
  const place = () => THEMES.findIndex(({ theme }) => theme === document.documentElement.dataset['theme']);
  const show = () => {
    const { sign = '', text = '' } = THEMES[place()] ?? {};
    const label = texts.text('theme', texts.text(text));
    button.textContent = sign;
    button.title = label;
    button.setAttribute('aria-label', label);
  };
  button.addEventListener('click', () => {
    const { theme } = THEMES[(place() + 1) % THEMES.length] ?? {};
    remember('theme', theme);
    applyTheme(theme ?? '');
    show();
  });
  show();
  document.getElementById('tools')?.append(button);
}
