import { styleText } from 'node:util';

const hasColour = process.stdout.isTTY && !process.env.NO_COLOR;

/** @param {Parameters<typeof styleText>[0]} style */
function styled(style, text) {
  return hasColour ? styleText(style, text) : text;
}

export const say = {
  /** A step begins. */
  step(text) {
    console.log(`\n${styled('cyan', '●')} ${styled('bold', text)}`);
  },
  /** What came of it. */
  detail(text) {
    for (const line of text.split('\n')) console.log(`  ${line}`);
  },
  /** Something that the reader may type. */
  command(text) {
    console.log(`  ${styled('dim', '$')} ${styled('green', text)}`);
  },
  done(text) {
    console.log(`\n${styled(['bold', 'green'], '✓')} ${styled('bold', text)}`);
  },
  failed(text) {
    console.error(`\n${styled(['bold', 'red'], '✗')} ${text}`);
  },
};
