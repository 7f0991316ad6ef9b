/** Texts that keep whoever renders them busy, each as long as what is shown of a description. */
import { expect, test } from 'vitest';
import { MOST_SHOWN_BYTES } from '../../src/readme/limits.ts';
import { busyTexts, leastCost, MOST_TIMES, warmCost } from '../support/attacks/busy-texts.ts';

const { honest, markdown, rst } = busyTexts(MOST_SHOWN_BYTES);
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
