/** Whatever came, changed and went before: pages are those that a first build of the same files makes, byte for byte. */
import { expect, test } from 'vitest';
import { makeWheel, wheelFilename } from '../support/make-package.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { TestSite } from '../support/site.ts';

const TAGS = ['py3-none-any', 'cp311-cp311-manylinux_2_17_x86_64', 'cp312-cp312-manylinux_2_28_x86_64'];

/** Each file has a time of its own, whichever site it comes to, as copies with `cp -a` have. */
class RandomFiles {
  /** By path from the site's root. */
  readonly files = new Map<string, (site: TestSite) => void>();
  /** By file name: the same bytes and times wherever it comes, and when it comes again. */
  readonly #known = new Map<string, (site: TestSite, repository: string) => void>();
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    for (let count = 0; count < 30; count++) this.#add();
  }

  /** @returns what comes and what goes, for a site that had what was there before */
  step(): (site: TestSite) => void {
    const before = new Map(this.files);
    for (let count = 0; count < 1 + this.#random() * 3; count++) {
      if (this.#random() < 0.45) this.files.delete(this.#one([...this.files.keys()]));
      else this.#add();
    }
    return (site) => {
      for (const path of before.keys()) if (!this.files.has(path)) site.remove(path);
      for (const [path, put] of this.files) if (before.get(path) !== put) put(site);
    };
  }

  putAll(site: TestSite): void {
    for (const put of this.files.values()) put(site);
  }

  #one<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  #add(): void {
    const name = `p${Math.floor(this.#random() * 12)}`;
    const options = { name, version: `1.${Math.floor(this.#random() * 4)}`, tag: this.#one(TAGS) };
    const isBroken = this.#random() < 0.1;
    const filename = isBroken ? `${name}-1.0-py2.broken-none-any.whl` : wheelFilename(options);
    const metadata = `Summary: ${name}\nRequires-Dist: p${Math.floor(this.#random() * 12)}`;
    const modified = new Date(Date.UTC(2025, 0, 1) + Math.floor(this.#random() * 400) * 86_400_000);
    const bytes = isBroken ? 'no zip' : makeWheel({ ...options, metadata });
    const put =
      this.#known.get(filename) ??
      ((site, repository) => void site.put(`${repository}/packages/${filename}`, bytes, modified));
    this.#known.set(filename, put);
    const repository = this.#one(['glibc', 'musl', 'lab']);
    const path = `${repository}/packages/${filename}`;
    if (!this.files.has(path)) this.files.set(path, (site) => put(site, repository));
  }
}

test('pages after any changes are those of a first build of the same files', { timeout: 60_000 }, async () => {
  const files = new RandomFiles(11);
  const site = new TestSite();
  try {
    site.put('kho.toml', '[repositories.musl]\ninclude = ["glibc"]\n[repositories.lab]\nprivate = true\n');
    files.putAll(site);
    await site.build();
    for (let step = 0; step < 5; step++) {
      files.step()(site);
      await site.build();
      const fresh = new TestSite();
      try {
        fresh.put('kho.toml', site.read('kho.toml'));
        files.putAll(fresh);
        await fresh.build();
        expect(site.snapshot(), `step ${step}`).toEqual(fresh.snapshot());
      } finally {
        fresh.close();
      }
    }
  } finally {
    site.close();
  }
});
