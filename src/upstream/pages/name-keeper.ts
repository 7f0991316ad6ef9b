/** Whose names are, while a site is served: looked at anew as soon as something that decides it has changed. */
import type { SiteConfig } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import { keptFolder } from '../../io/kept-folder.ts';
import { look } from '../../io/open-file.ts';
import { pageStamp } from '../../io/page-stamp.ts';
import { closeFolders } from '../../io/reach.ts';
import { isUndecided, judgeName, type NameOrigin } from '../../names/judge-name.ts';
import { type NameBook, openNameBook } from '../../names/name-book.ts';
import { hasNames, readNames } from '../../names/own-names.ts';
import { PROJECT_RECORDS, readGeneration, recordFinder } from '../../publish/manifest.ts';
import { stateFolder } from '../../publish/state-folder.ts';
import type { NormalizedName } from '../../standards/name.ts';

export class NameKeeper {
  readonly #config: () => SiteConfig;
  #book: { of: SiteConfig; stamp: string; book: NameBook } | undefined;

  constructor(config: () => SiteConfig) {
    this.#config = config;
  }

  /** @throws {KhoError} SITE, READ where what is remembered cannot be believed: then nothing may be asked for */
  originOf(name: NormalizedName): NameOrigin {
    const config = this.#config();
    if (!hasNames(config.root)) {
      throw new KhoError('READ', 'Cannot tell whose names are: they have not been written down yet', {
        hint: 'wait for the first build, or run "kho build"',
      });
    }
    closeFolders(stateFolder(config.root));
    closeFolders(keptFolder(config.root));
    const stamp = stampOf(config.root);
    if (this.#book?.of !== config || this.#book.stamp !== stamp) {
      this.#book = undefined;
      const find = recordFinder(config.root);
      const filesOf = (project: string) => {
        const line = find(project as NormalizedName)?.line;
        return line === undefined ? [] : (PROJECT_RECORDS.parse(line)?.files ?? []);
      };
      this.#book = { of: config, stamp, book: openNameBook(config, filesOf) };
    }
    return this.#book.book.originOf(name);
  }
}

/** Names that count as the site's own only because nobody has said yet what they are. Sorted. @throws {KhoError} SITE, READ */
export function undecidedNames(config: SiteConfig): string[] {
  const names = [...readNames(config.root)];
  return names
    .filter(([name, known]) => isUndecided(judgeName(name, config, known, false)))
    .map(([name]) => name)
    .sort();
}

function stampOf(root: string): string {
  const kept = ['names', 'origins'].map((name) => look(`${keptFolder(root)}/${name}`));
  return [...kept.map((stats) => (stats ? pageStamp(stats) : '')), readGeneration(root)].join(' ');
}
