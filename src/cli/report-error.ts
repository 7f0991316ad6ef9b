import { causesOf, KhoError } from '../errors.ts';
import { printable } from './text.ts';

/** 0 is fine; 1 is "kho ran, and the answer is no". See docs/cli.md#exit-codes. */
const EXIT = { couldNotRun: 2, bug: 70 } as const;

/** Turn whatever was thrown into text for stderr and an exit code. Readable without colour; safe to show. */
export function reportError(error: unknown): { text: string; exitCode: number } {
  if (!(error instanceof KhoError)) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return toReport(['kho: internal error, please report it', ...detail.split('\n')], EXIT.bug);
  }
  const [what = '', ...details] = error.message.split('\n');
  const lines = [`kho: ${what} [${error.code}]`, ...details.map((detail) => `  ${detail}`)];
  lines.push(...causesOf(error).map((cause) => `  because: ${cause}`));
  if (error.hint) lines.push('', `hint: ${error.hint}`);
  return toReport(lines, EXIT.couldNotRun);
}

function toReport(lines: string[], exitCode: number) {
  return { text: lines.map((line) => `${printable(line)}\n`).join(''), exitCode };
}
