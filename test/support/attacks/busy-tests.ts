import { expect, test } from 'vitest';
import { busyTexts, leastCost, MOST_TIMES, warmCost } from './busy-texts.ts';

/** What rendering texts of this length costs that keep whoever does it busy. @param length as of `busyTexts` */
export function testBusyTexts(length: number): void {
  const { honest, markdown, rst } = busyTexts(length);
  const most = MOST_TIMES * warmCost('text/markdown', honest);

  test.each(markdown)(
    'renderDescription() reads Markdown full of %s in a few times what an honest text takes',
    (_what, text) => {
      expect(leastCost('text/markdown', text, most)).toBeLessThan(most);
    },
  );

  test.each(rst)(
    'renderDescription() reads reStructuredText full of %s in a few times what an honest text takes',
    (_what, text) => {
      expect(leastCost('text/x-rst', text, most)).toBeLessThan(most);
    },
  );
}
