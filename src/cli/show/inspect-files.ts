import { type Stats, statSync } from 'node:fs';
import { KhoError } from '../../errors.ts';
import { quoted } from '../../standards/quoted.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';
import { describeFile } from './describe-file.ts';
import { inspectionLines } from './inspect-lines.ts';
import type { ShownFile } from './shown.ts';

/**
 * A file that is not there keeps no other from being looked into.
 *
 * @returns the exit code: 1 when one of the files cannot be used, or its name promises what is not so
 * @throws {KhoError} USAGE when none of them is there
 */
export async function inspectFiles(paths: readonly string[], json: boolean): Promise<0 | 1> {
  const absent = paths.filter((path) => whyNot(path) !== undefined);
  if (absent.length === paths.length) {
    const [path, ...others] = absent as [string, ...string[]];
    const isSame = others.every((other) => whyNot(other) === whyNot(path));
    const names = (isSame ? absent : [path]).map(quoted).join(', ');
    throw new KhoError('USAGE', `Cannot inspect ${names}: ${whyNot(path)}`, {
      hint: 'name wheels and sdists, like dist/*.whl',
    });
  }
  const files: [path: string, file: ShownFile][] = [];
  for (const path of paths) if (!absent.includes(path)) files.push([path, await describeFile(path, undefined, true)]);
  if (json) terminal.stdout(printableJson(files.map(([, file]) => file)));
  else
    terminal.print(
      files.flatMap(([path, file], index) => [...(index > 0 ? [''] : []), ...inspectionLines(path, file)]),
    );
  terminal.say(absent.map((path) => `kho: cannot inspect ${quoted(path)}: ${whyNot(path)}`));
  return absent.length === 0 && files.every(([, file]) => isFine(file)) ? 0 : 1;
}

/** Undefined for a file that is there. */
function whyNot(path: string): string | undefined {
  let stats: Stats | undefined;
  try {
    stats = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return 'kho may not look into its folder';
  }
  if (!stats) return 'there is no such file';
  if (stats.isFile()) return undefined;
  return stats.isDirectory() ? 'it is a folder, and not a file' : 'it is no regular file';
}

/** What no repository would list. */
const REFUSED: ReadonlySet<string> = new Set([
  'unknown-tag',
  'damaged',
  'overlapping-members',
  'not-readable',
  'changed-while-reading',
]);

function isFine({ package: contents, problems }: ShownFile): boolean {
  if (problems.some(({ code }) => REFUSED.has(code))) return false;
  return contents !== undefined && !(contents.binaries?.faults.some(({ lie }) => lie) ?? false);
}
