/**
 * Whether a colour can be read on another.
 *
 * Source: WCAG 2.2, "relative luminance" and "contrast ratio"; success criterion 1.4.3 (AA) asks for 4.5.
 */

/** What text of any size needs. */
export const READABLE = 4.5;

type Channels = readonly [red: number, green: number, blue: number];

/** @param hex `#2c6a3a` */
function channels(hex: string): Channels {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Channels;
}

function luminance(hex: string): number {
  const [red, green, blue] = channels(hex).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Channels;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** From 1, the same, to 21, black and white. Both like `#2c6a3a`. */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** @param share of the second colour, 0 to 1 */
export function mixed(a: string, b: string, share: number): string {
  const other = channels(b);
  const parts = channels(a).map((channel, at) => Math.round(channel * (1 - share) + (other[at] as number) * share));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
