import { make, recall, remember } from './page.ts';
import type { Texts } from './texts.ts';

/** Nothing chosen: what the system has. */
const THEMES: readonly (string | undefined)[] = [undefined, 'light', 'dark'];
const SIGNS = ['◐', '☀', '☾'];

export function applyTheme(theme = recall('theme')): void {
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
  else delete document.documentElement.dataset['theme'];
}

export function offerThemes(texts: Texts): void {
  const button = make('button', {
    type: 'button',
    class: 'tool',
    'aria-label': texts.text('theme'),
    title: texts.text('theme'),
  });
  const place = () => THEMES.indexOf(document.documentElement.dataset['theme']);
  const show = () => {
    button.textContent = SIGNS[place()] ?? '';
  };
  button.addEventListener('click', () => {
    const theme = THEMES[(place() + 1) % THEMES.length];
    remember('theme', theme);
    applyTheme(theme ?? '');
    show();
  });
  show();
  document.getElementById('tools')?.append(button);
}
