import { fingerprint } from '../render/fingerprint.ts';
import { CHANGES_SHOWN, type Change, newestChanges, newestOf } from '../render/web/changes-page.ts';
import { addGlibcNeeds, glibcNeeds } from '../render/web/glibc-needs.ts';
import type { GlibcNeeds, ProjectCard } from '../render/web/model.ts';
import { addPictureSums, type PictureSums, pictureSums } from '../render/web/pictures.ts';
import { type Covered, coveredAs } from '../render/web/platforms-page.ts';

/**
 * What lists tell of a part of a repository's projects (see `shardsOf`), added up. It is kept, so that a run reads the cards of those parts
 * only in which something changed: whoever changes what it means raises `FORMAT` in pages-manifest.ts.
 */
export interface ListPart {
  /** Of its files' names. */
  key: string;
  /** Normalized and sorted; the lists after it go by the same places. */
  names: string[];
  /** Stand for all that the cards say. */
  prints: string[];
  covered: Covered[];
  /** Places of those who need something, by the normalized name of what they need. */
  needs: [needed: string, places: number[]][];
  seen: { platforms: string[]; exactPythons: string[]; stablePythons: string[] };
  /** As in `ProjectCard`, where all cards say the same. */
  machines?: string;
  sums: ListSums;
}

/** What lists tell of a repository, or of a part of it. */
export interface ListSums {
  files: number;
  bytes: number;
  changedMs: number;
  /** As in `ProjectCard`, of all projects: sorted. */
  platforms: string[];
  glibc: GlibcNeeds[];
  /** The newest, sorted. */
  changes: Change[];
  pictures: PictureSums;
}

/** @param cards sorted by name */
export function listPart(repository: string, key: string, cards: readonly ProjectCard[]): ListPart {
  const said = new Set(cards.map(({ machines }) => machines));
  const [machines] = said;
  return {
    key,
    names: cards.map(({ name }) => name),
    prints: cards.map(fingerprint),
    covered: cards.map(coveredAs),
    needs: [...invert(cards)].map(([needed, all]) => [needed, all.map(({ place }) => place)]),
    seen: seenOf(cards),
    ...(said.size === 1 && machines !== undefined && { machines }),
    sums: {
      files: cards.reduce((sum, { files }) => sum + files, 0),
      bytes: cards.reduce((sum, { bytes }) => sum + bytes, 0),
      changedMs: cards.reduce((latest, { changedMs }) => Math.max(latest, changedMs), 0),
      platforms: union(cards.map(({ platforms }) => platforms)),
      glibc: glibcNeeds(cards),
      changes: newestChanges(repository, cards, CHANGES_SHOWN),
      pictures: pictureSums(cards),
    },
  };
}

/** @param parts in the order of their names */
export function addListSums(parts: readonly ListSums[]): ListSums {
  return {
    files: parts.reduce((sum, { files }) => sum + files, 0),
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    changedMs: parts.reduce((latest, { changedMs }) => Math.max(latest, changedMs), 0),
    platforms: union(parts.map(({ platforms }) => platforms)),
    glibc: addGlibcNeeds(parts.map(({ glibc }) => glibc)),
    changes: newestOf(parts.map(({ changes }) => changes)),
    pictures: addPictureSums(parts.map(({ pictures }) => pictures)),
  };
}

export function seenOf(cards: readonly ProjectCard[]): ListPart['seen'] {
  return addSeen(
    cards.map(({ seen, stablePythons }) => ({
      platforms: seen.platforms,
      exactPythons: seen.pythons,
      stablePythons,
    })),
  );
}

export function addSeen(all: readonly ListPart['seen'][]): ListPart['seen'] {
  return {
    platforms: union(all.map(({ platforms }) => platforms)),
    exactPythons: union(all.map(({ exactPythons }) => exactPythons)),
    stablePythons: union(all.map(({ stablePythons }) => stablePythons)),
  };
}

/** Who needs it, by the normalized name of what is needed: in the order of the cards. */
export function invert(cards: readonly ProjectCard[]): Map<string, { name: string; place: number }[]> {
  const dependents = new Map<string, { name: string; place: number }[]>();
  cards.forEach(({ name, requires }, place) => {
    for (const needed of requires) {
      if (needed === name) continue; // its own extras
      const all = dependents.get(needed);
      if (all) all.push({ name, place });
      else dependents.set(needed, [{ name, place }]);
    }
  });
  return dependents;
}

/** Each once, sorted. */
function union(lists: readonly (readonly string[])[]): string[] {
  const all = new Set<string>();
  for (const list of lists) for (const one of list) all.add(one);
  return [...all].sort();
}
