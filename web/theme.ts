import { recall } from './memory.ts';

/** Nothing chosen: what the system has. */
export type Theme = 'light' | 'dark' | undefined;

/** Made so by the style, which asks for `data-theme`. */
export function applyTheme(theme = recall('theme')): void {
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
  else delete document.documentElement.dataset['theme'];
}
