import { join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { packagesOf } from '../fetch/plan-fetch.ts';
import { filenameOf } from '../follow/catalogue-source.ts';
import type { Closure } from '../follow/closures.ts';
import { piecesOf } from '../inspect/inspect-file.ts';
import { FormatError } from '../problems.ts';
import type { PublishedState } from './published-state.ts';
import type { CarriedObject } from './put-object.ts';

/** Packages of these closures, and what lies beside them, each once; the smallest first, so that a small disk brings as many as can be. */
export function objectsOf(closures: readonly Closure[], config: SiteConfig, { head }: PublishedState): CarriedObject[] {
  const objects = new Map<string, CarriedObject>();
  for (const file of closures.flatMap(({ files }) => files)) {
    const path = join(packagesOf(file.repository ?? head.repository, config), file.path);
    const filename = filenameOf(file);
    for (const { suffix, sha256, size } of [
      { suffix: '', sha256: file.sha256, size: file.size },
      ...(file.sides ?? []),
    ])
      objects.set(sha256, {
        sha256,
        size,
        filename: `${filename}${suffix}`,
        read: (from, to) => wholePart(`${path}${suffix}`, from, to),
      });
  }
  return [...objects.values()].sort((a, b) => a.size - b.size || (a.sha256 < b.sha256 ? -1 : 1));
}

/** @throws {FormatError} */
async function* wholePart(path: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  let there = from;
  for await (const piece of piecesOf(path, from, to)) {
    there += piece.length;
    yield piece;
  }
  if (there < to) throw new FormatError('changed-while-reading', 'is shorter than the catalogue says');
}
