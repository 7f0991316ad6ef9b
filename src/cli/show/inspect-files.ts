import { statSync } from 'node:fs';
import { KhoError } from '../../errors.ts';
import { quoted } from '../../standards/quoted.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';
import { describeFile } from './describe-file.ts';
import { inspectionLines } from './inspect-lines.ts';
import type { ShownFile } from './shown.ts';

/** @returns the exit code: 1 when one of the files cannot be used, or its name promises what is not so */
export async function inspectFiles(paths: readonly string[], json: boolean): Promise<0 | 1> {
  for (const path of paths) {
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
    throw new KhoError('USAGE', `Cannot inspect ${quoted(path)}: there is no such file`);
  }
  const files: ShownFile[] = [];
  for (const path of paths) files.push(await describeFile(path, undefined));
  if (json) terminal.stdout(printableJson(files));
  else terminal.print(files.flatMap((file, index) => [...(index > 0 ? [''] : []), ...inspectionLines(file)]));
  return files.every(isFine) ? 0 : 1;
}

function isFine({ package: contents }: ShownFile): boolean {
  return contents !== undefined && !(contents.binaries?.faults.some(({ lie }) => lie) ?? false);
}
