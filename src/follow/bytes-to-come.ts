import { partKey } from '../fetch/download-file.ts';
import { leftParts } from '../io/part-name.ts';
import { wholeHere } from './pull-folder.ts';
import type { FileToPull } from './pull-plan.ts';

/** What the disk has to have room for, in bytes, until all of them wait in the folder: copies of what lies elsewhere in the site too, and nothing that came before. */
export function bytesToCome(bring: readonly FileToPull[], folder: string): number {
  const [whole, parts] = [wholeHere(folder), leftParts(folder)];
  const left = (filename: string, sha256: string, size: number) =>
    whole.has(sha256) ? 0 : size - Math.min(size, parts.get(partKey({ filename, sha256 })) ?? 0);
  return bring.reduce((sum, { file, filename }) => {
    const sides = (file.sides ?? []).map((side) => left(`${filename}${side.suffix}`, side.sha256, side.size));
    return sides.reduce((all, bytes) => all + bytes, sum + left(filename, file.sha256, file.size));
  }, 0);
}
