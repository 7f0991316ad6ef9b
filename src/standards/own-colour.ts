/** What a site's own colour becomes on pages: one for light, one for dark, each readable on every ground there is. */
import { contrast, mixed, READABLE } from './contrast.ts';

/** All grounds that links may stand on: as web/colours.css has them (a test compares the two). */
export const GROUNDS = {
  light: ['#fbfaf5', '#ffffff', '#f2f0e6', '#f0f2e5', '#f5f3ea'],
  dark: ['#171a14', '#1f231b', '#12150f', '#1c2018'],
} as const;

export interface OwnColour {
  light: Shades;
  dark: Shades;
}

export interface Shades {
  colour: string;
  /** For what stands on its own ground, and under the pointer. */
  deep: string;
  ground: string;
}

/** What is wrong with it, to be read after the key's name; undefined when nothing is. */
export function ownColourFault(text: string): string | undefined {
  if (!/^#[0-9a-f]{6}$/i.test(text)) return 'must be a colour like "#2c6a3a": a # and six digits of 0-9 and a-f';
  const colour = text.toLowerCase();
  if (isReadable(shadesOn('light', colour), 'light')) return undefined;
  const worst = Math.min(...[...GROUNDS.light, lightGround(colour)].map((ground) => contrast(colour, ground)));
  const better = until(colour, '#000000', (darker) => isReadable(shadesOn('light', darker), 'light'));
  return `has a contrast of ${Math.floor(worst * 10) / 10} with light grounds, and text needs ${READABLE}: take a darker one, like "${better}"`;
}

/** @param text without a fault */
export function ownColour(text: string): OwnColour {
  const colour = text.toLowerCase();
  const lighter = until(colour, '#ffffff', (one) => isReadable(shadesOn('dark', one), 'dark'));
  return { light: shadesOn('light', colour), dark: shadesOn('dark', lighter) };
}

const lightGround = (colour: string) => mixed('#ffffff', colour, 0.1);

function shadesOn(theme: 'light' | 'dark', colour: string): Shades {
  if (theme === 'light') return { colour, deep: mixed(colour, '#000000', 0.25), ground: lightGround(colour) };
  return { colour, deep: mixed(colour, '#ffffff', 0.35), ground: mixed('#171a14', colour, 0.15) };
}

function isReadable({ colour, deep, ground }: Shades, theme: 'light' | 'dark'): boolean {
  const grounds = [...GROUNDS[theme], ground];
  return grounds.every((one) => contrast(colour, one) >= READABLE && contrast(deep, one) >= READABLE);
}

/** The first that will do on the way to another colour, which does. */
function until(colour: string, goal: string, isFine: (colour: string) => boolean): string {
  for (let percent = 0; percent < 100; percent++) {
    const mix = mixed(colour, goal, percent / 100);
    if (isFine(mix)) return mix;
  }
  return goal;
}
