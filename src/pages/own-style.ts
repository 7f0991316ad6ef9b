/** What a site's own logo and colour add to the style of all pages. */
import { readLogo } from '../config/read-logo.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { ownColour } from '../standards/own-colour.ts';

/** A logo is not shown wider than so many times its height. */
const WIDEST = 5;

/** @throws {KhoError} CONFIG when the logo went since the settings were read */
export function ownStyle({ root, logo, colour }: Pick<SiteConfig, 'root' | 'logo' | 'colour'>): string {
  return `${colour === undefined ? '' : colourStyle(colour)}${logo === undefined ? '' : logoStyle(root, logo)}`;
}

function colourStyle(text: string): string {
  const { light, dark } = ownColour(text);
  const both = (name: string, shade: keyof typeof light) =>
    `--${name}:var(--light,${light[shade]}) var(--dark,${dark[shade]});`;
  return `:root{${both('green', 'colour')}${both('green-deep', 'deep')}${both('green-ground', 'ground')}}\n`;
}

/** As data within the style: browsers run nothing in a picture of a style, and it has no address of its own to be opened at. */
function logoStyle(root: string, path: string): string {
  const { type, bytes, ratio } = readLogo(root, path);
  const width = Math.round(Math.min(Math.max(ratio, 0.5), WIDEST) * 20) / 10;
  const data = Buffer.from(bytes).toString('base64');
  return `.logo.is-own{width:${width}rem;background-image:url("data:image/${type};base64,${data}")}\n`;
}
