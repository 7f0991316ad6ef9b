import type { Fetched } from '../../fetch/fetch-files.ts';
import type { ToFetch } from '../../fetch/plan-fetch.ts';
import { counted, inBytes, inColumns } from '../amounts.ts';
import { bold, type Line, red } from '../text.ts';

/** What was brought, or would be. */
export function fetchedLines(files: readonly ToFetch[], isDryRun: boolean): Line[] {
  if (files.length === 0) return ['nothing to bring'];
  const bytes = files.reduce((sum, { file }) => sum + (file.size ?? 0), 0);
  const unknown = files.filter(({ file }) => file.size === undefined).length;
  const sizes = `${inBytes(bytes)}${unknown > 0 ? `, and ${counted(unknown, 'file')} of unknown size` : ''}`;
  const rows = files.map(({ file, into }) => [
    file.filename,
    file.size === undefined ? '?' : inBytes(file.size),
    into.join(', '),
  ]);
  return [
    [bold(`${counted(files.length, 'file')} ${isDryRun ? 'would be brought' : 'brought'}`), `: ${sizes}`],
    ...inColumns(rows, [1]).map((cells) => `  ${cells.join('  ').trimEnd()}`),
  ];
}

export function failedLines(failed: Fetched['failed']): Line[] {
  return failed.map(({ filename, why }): Line => [red('failed'), `  ${filename}: ${why}`]);
}

/** What the index offers, and nobody should have. */
export function malwareLines(leftOut: readonly string[]): Line[] {
  return leftOut.map((release) => ['kho: ', red('left out, since it is known malware'), `: ${release}`]);
}

/** Only where there is something to tell. @param bytes that older wheels here had of what was brought */
export function reusedLines(bytes: number): Line[] {
  return bytes === 0
    ? []
    : [`kho: ${inBytes(bytes)} of that were here, in older wheels, and did not come over the line`];
}
