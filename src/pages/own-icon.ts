/** The picture in the browser's tab: the site's own logo, or kho's. */
import { readLogo } from '../config/read-logo.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { KHO_ICON } from '../render/web/logo.ts';

/**
 * An SVG, whatever the logo is. The logo lies in it as a picture: opened at its own address too, nothing in it runs or loads anything, and
 * one that is wider than high keeps its shape.
 *
 * @throws {KhoError} CONFIG when the logo went since the settings were read
 */
export function ownIcon({ root, logo }: Pick<SiteConfig, 'root' | 'logo'>): string {
  if (logo === undefined) return KHO_ICON;
  const { type, bytes } = readLogo(root, logo);
  const data = Buffer.from(bytes).toString('base64');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><image width="32" height="32" href="data:image/${type};base64,${data}"/></svg>\n`;
}
