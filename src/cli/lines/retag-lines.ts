import { basename } from 'node:path';
import type { RetagResult } from '../../intake/retag-file.ts';
import { dim, green, type Line } from '../text.ts';

/** What became of each wheel, and at the end what had to be assumed. */
export function retagLines(results: readonly RetagResult[]): Line[] {
  const assumed = new Set(results.flatMap(({ assumedMusl }) => assumedMusl ?? []));
  return [
    ...results.flatMap(({ file, retagged, original }): Line[] => {
      if (retagged === undefined) return [[`  ${basename(file)}  `, dim('is named for what it needs')]];
      return [
        [`  ${basename(file)}`],
        ['    is now ', green(retagged)],
        ...(original === undefined ? [] : [[dim(`    was kept as ${original}`)] as Line]),
      ];
    }),
    ...[...assumed].map((version): Line => {
      const or = version === '1.2' ? '; --musl 1.1 names wheels that were built on Alpine 3.12 or older' : '';
      return [dim(`Nothing in a wheel tells for which musl it was built: ${version} is assumed${or}.`)];
    }),
  ];
}
