/** The folders of a site that are kho's alone to write: all but packages/ and incoming/. */
import { lstatSync, type Stats } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { shellWord } from '../standards/shell-word.ts';
import { SYNC_FOLDER } from '../sync-format/sync-names.ts';
import { SITE_ITSELF, UPSTREAM_FOLDER } from './repository-name.ts';
import type { SiteConfig } from './site-config.ts';

/** In the site's root and in each repository. */
const OWN_FOLDERS = ['.kho', '.kho-keep', '.trash', 'originals', 'project', 'simple', 'pypi'];

export interface SitePlace {
  /** Absolute. */
  path: string;
  /** From the site's root. */
  shownPath: string;
  /** Everything below is kho's too. */
  isWhole: boolean;
  stat: Stats;
}

/** Those that are there. A link is not: what it leads to is somebody else's. */
export function sitePlaces({ root, repositories }: Pick<SiteConfig, 'root' | 'repositories'>): SitePlace[] {
  const folders = repositories.filter(({ name }) => name !== SITE_ITSELF);
  const candidates: [path: string, shownPath: string, isWhole: boolean][] = [
    [root, '.', false],
    [join(root, 'kho.toml'), 'kho.toml', false],
    ...[...OWN_FOLDERS, UPSTREAM_FOLDER].map((own): [string, string, boolean] => [join(root, own), own, true]),
    ...folders.flatMap(({ name, folder }): [string, string, boolean][] => [
      [folder, name, false],
      ...OWN_FOLDERS.map((own): [string, string, boolean] => [join(folder, own), `${name}/${own}`, true]),
    ]),
    ...repositories.flatMap(({ name, folder, sync }): [string, string, boolean][] => {
      const shown = name === SITE_ITSELF ? SYNC_FOLDER : `${name}/${SYNC_FOLDER}`;
      return sync ? [[join(folder, SYNC_FOLDER), shown, true]] : [];
    }),
  ];
  return candidates.flatMap(([path, shownPath, isWhole]) => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat && !stat.isSymbolicLink() ? [{ path, shownPath, isWhole, stat }] : [];
  });
}

/** A line for root that does something to such places: to what is below them too, where all of it is kho's. */
export function placesLine(command: string, places: readonly SitePlace[]): string[] {
  const [program = '', ...words] = command.split(' ');
  return [false, true].flatMap((isWhole) => {
    const paths = places.filter((place) => place.isWhole === isWhole).map(({ path }) => shellWord(path));
    return paths.length > 0 ? [[program, ...(isWhole ? ['-R'] : []), ...words, ...paths].join(' ')] : [];
  });
}

/** A user's name where it is known, else the number; both are what `chown` takes. */
export function userName(id: number): string {
  try {
    const { uid, username } = userInfo();
    return uid === id ? username : String(id);
  } catch {
    return String(id); // kho's user need not be in /etc/passwd
  }
}
