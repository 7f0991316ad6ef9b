import { PrivateNow } from '../config/private-now.ts';
import { privateNames, withPrivate } from '../config/private-repositories.ts';
import type { SiteConfig } from '../config/site-config.ts';

/**
 * What of a served site is private: all that kho.toml says at this moment, or that was private when the site was published. It may be a
 * while until pages are made of that, and they may fail: until then the pages that stand there tell of what is private by now.
 */
export class ServedPrivacy {
  readonly #now: PrivateNow;
  /** What the published pages do not tell of. */
  #unseen: ReadonlySet<string>;
  #made: { of: SiteConfig; key: string; config: SiteConfig; hidden: ReadonlySet<string> } | undefined;

  private constructor(now: PrivateNow, unseen: ReadonlySet<string>) {
    this.#now = now;
    this.#unseen = unseen;
  }

  /**
   * @param root of a site
   * @param unseen names of repositories that the published pages do not tell of
   */
  static async open(root: string, unseen: ReadonlySet<string>): Promise<ServedPrivacy> {
    return new ServedPrivacy(await PrivateNow.open(root), unseen);
  }

  /** The site was published by these settings. */
  published(config: SiteConfig): void {
    this.#unseen = new Set(privateNames(config));
    this.#made = undefined;
  }

  /** @param config by which the site was published, or will be first: another object only where it is another one */
  of(config: SiteConfig): { config: SiteConfig; hidden: ReadonlySet<string> } {
    const now = this.#now.names();
    const key = [...now].sort().join('/');
    if (this.#made?.of === config && this.#made.key === key) return this.#made;
    const own = privateNames(config);
    const known = config.repositories.filter(({ name }) => now.has(name) && !own.includes(name));
    const privates = [...own, ...known.map(({ name }) => name)];
    this.#made = {
      ...{ of: config, key },
      config: known.length === 0 ? config : withPrivate(config, new Set(privates)),
      hidden: new Set(privates.filter((name) => !this.#unseen.has(name))),
    };
    return this.#made;
  }
}
