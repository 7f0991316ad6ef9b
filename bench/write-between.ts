import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BENCH_FOLDER } from './tools.ts';

/** Put a report into bench/README.md, between two marks. */
export function writeBetween([first, last]: readonly [string, string], report: string): void {
  const readme = join(BENCH_FOLDER, 'README.md');
  const text = readFileSync(readme, 'utf8');
  const [start, end] = [text.indexOf(first), text.indexOf(last)];
  if (start < 0 || end < start) throw new Error('bench/README.md has lost the marks between which the results go');
  writeFileSync(readme, `${text.slice(0, start + first.length)}\n\n${report}\n\n${text.slice(end)}`);
}
