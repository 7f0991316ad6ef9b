import type { Release } from '../catalog/model.ts';
import type { FileDetails } from '../inspect/read-details.ts';
import type { VersionChanges } from '../render/web/version-page.ts';
import { platformWords } from '../standards/platform-words.ts';
import { compareVersions } from '../standards/version.ts';

/** A release, and what the file says that tells most of it; absent where it cannot be read. */
export interface ToldRelease {
  release: Release;
  details: FileDetails | undefined;
}

/** What somebody wants to know who goes from one release to a newer one. */
export function versionChanges(before: ToldRelease, now: ToldRelease): VersionChanges {
  const needs = (told: ToldRelease) => told.details?.metadata.requiresDist ?? [];
  return {
    since: before.release.version,
    dependencies: difference(needs(before), needs(now)),
    entryPoints: difference(entryPointsOf(before.details), entryPointsOf(now.details)),
    platforms: difference(platformWords(before.release.files), platformWords(now.release.files)),
    pythons: moved(before.details?.metadata.requiresPython, now.details?.metadata.requiresPython),
    glibc: moved(newestGlibc(before.release), newestGlibc(now.release)),
  };
}

/** Blanks mean nothing in a requirement. Both in the order in which they stand there. */
function difference(before: readonly string[], now: readonly string[]): { added: string[]; removed: string[] } {
  const plain = (text: string) => text.replaceAll(/\s/g, '');
  const without = (list: readonly string[], others: readonly string[]) => {
    const plainNames = new Set(others.map(plain));
    return list.filter((text) => !plainNames.has(plain(text)));
  };
  return { added: without(now, before), removed: without(before, now) };
}

function moved(before: string | undefined, now: string | undefined): [before: string, now: string] | undefined {
  return before === now ? undefined : [before ?? '', now ?? ''];
}

/** `[console_scripts] name = module:function`. As they stand: the index has judged them. */
function entryPointsOf(details: FileDetails | undefined): string[] {
  let group = '';
  return (details?.entryPointsText ?? '').split(/\r\n|[\n\r]/).flatMap((raw) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) return [];
    if (line.startsWith('[')) {
      group = line;
      return [];
    }
    return [`${group} ${line}`];
  });
}

/** What the most demanding wheel needs. */
function newestGlibc({ files }: Release): string | undefined {
  return files
    .flatMap(({ binaries }) => binaries?.glibcFloor ?? [])
    .sort(compareVersions)
    .at(-1);
}
