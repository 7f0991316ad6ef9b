/** Texts that keep whoever renders them busy, a quarter as long as what is shown of a description. As long as that: test/e2e/readme-attacks.test.ts. */
import { expect, test } from 'vitest';
import { busyTexts, leastCost, MOST_TIMES, warmCost } from '../../test/support/attacks/busy-texts.ts';
import { MOST_SHOWN_BYTES } from './limits.ts';

const { honest, markdown, rst } = busyTexts(MOST_SHOWN_BYTES / 4);
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
