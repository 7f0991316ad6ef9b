import { HEADINGS } from './tags.ts';
import { type Element, eachElement } from './tree.ts';

/**
 * Headings of a text that stands below another heading: its highest ones become `top`, and no level is skipped, so that a
 * screen reader's outline of the whole page holds. Six is as deep as HTML goes.
 */
export function levelHeadings(root: Element, top: number): void {
  const above: number[] = [];
  eachElement(root, (heading) => {
    if (!HEADINGS.has(heading.tag)) return;
    const level = Number(heading.tag.slice(1));
    while (above.length > 0 && (above.at(-1) as number) >= level) above.pop();
    heading.tag = `h${Math.min(top + above.length, 6)}`;
    above.push(level);
  });
}
