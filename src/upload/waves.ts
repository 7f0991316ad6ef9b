import { isTwin } from '../standards/file-identity.ts';
import type { LookedAt } from './look-at-upload.ts';

/**
 * Uploads in groups that can be planned before any of them is placed: in each, no two files could have the same name, nor stand for the same
 * file. Those of one name come in their order, one a group, so that the second meets the first.
 */
export function wavesOf(uploads: readonly LookedAt[]): LookedAt[][] {
  const waves: LookedAt[][] = [];
  for (const upload of uploads) {
    const last = waves.findLastIndex((wave) => wave.some((other) => mayMeet(other, upload)));
    const wave = waves[last + 1];
    if (wave) wave.push(upload);
    else waves.push([upload]);
  }
  return waves;
}

function mayMeet(one: LookedAt, other: LookedAt): boolean {
  const [a, b] = [one.file.facts, other.file.facts];
  if (one.file.name === other.file.name) return true;
  if (a.project !== b.project) return false;
  if ([...one.repositories, ...other.repositories].some(({ retag }) => retag)) return true; // under names that are not known yet
  return isTwin(one.file.name, { filename: other.file.name, project: b.project, version: b.version });
}
