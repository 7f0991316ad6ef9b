/**
 * Everybody who may hold a page: it follows the links of every page that was served within the grace, at every moment. What it needs for that is only when
 * the last page that names an object went away; so it looks at each change of the bucket, and no reader is simulated one by one.
 */
import { hash } from 'node:crypto';
import { followLink } from '../../../src/clients/follow-link.ts';
import type { MemoryChange, MemoryObject } from '../memory-store.ts';

/** Clocks of stores tell whole seconds. In milliseconds. */
const INEXACT_MS = 2_000;

interface Link {
  key: string;
  sha256?: string;
}

export interface ReadersOptions {
  objects: ReadonlyMap<string, MemoryObject>;
  now: () => number;
  graceMs: number;
  /** Whether a key had other bytes at some time: then those may differ from what an old page says. */
  wasReplaced: (key: string) => boolean;
  onFault: (what: string) => void;
}

export class Readers {
  readonly #options: ReadersOptions;
  /** How many pages that are served name an object. */
  readonly #named = new Map<string, number>();
  /** When the last page went that named it. */
  readonly #lastNamedMs = new Map<string, number>();
  /** What somebody took away by hand is not the fault of who publishes. */
  readonly #excused = new Set<string>();
  readonly #links = new Map<string, readonly Link[]>();
  /** Whose last change came late. */
  readonly changedLate = new Set<string>();
  isByHand = false;
  /**
   * What arrives late is nobody's any more: no condition that stores know keeps a list from coming back where its ETag is as before, nor a removal from
   * taking what has just come back. Those are mended by the next push that is late enough; packages that a late page names have to be there all the same.
   */
  isLate = false;

  constructor(options: ReadersOptions) {
    this.#options = options;
  }

  /** Nobody who publishes can know how it is. */
  isExcused(key: string): boolean {
    return this.changedLate.has(key) || this.#excused.has(key);
  }

  see({ key, before, after }: MemoryChange): void {
    if (this.isByHand || (this.isLate && after === undefined)) this.#excused.add(key);
    else if (after !== undefined) this.#excused.delete(key);
    if (this.isLate) this.changedLate.add(key);
    else this.changedLate.delete(key);
    if (isPage(key) || isList(key)) this.#seePage(key, before, after);
    if (after === undefined) this.#seeRemoval(key);
    else if (!isPage(key) && !isList(key)) this.#seeFile(key, after);
  }

  #seePage(page: string, before: MemoryObject | undefined, after: MemoryObject | undefined): void {
    const { objects, now } = this.#options;
    const links = after === undefined ? [] : this.#linksOf(page, after.bytes);
    for (const { key } of links) this.#named.set(key, (this.#named.get(key) ?? 0) + 1);
    for (const { key } of before === undefined ? [] : this.#linksOf(page, before.bytes)) {
      const left = this.#named.get(key)! - 1;
      this.#named.set(key, left);
      // A list that is old may name a project that is gone: that is what it is to be told.
      if (left === 0 && isPage(page)) this.#lastNamedMs.set(key, now());
    }
    if (this.isByHand || (this.isLate && isList(page))) return;
    for (const { key, sha256 } of links) {
      const found = objects.get(key);
      if (found === undefined) this.#fault(key, `"${page}" names "${key}", which is not there`);
      else if (sha256 !== undefined && !this.#options.wasReplaced(key) && sha256 !== sha256Of(found.bytes))
        this.#fault(key, `"${page}" names "${key}" with another hash than it has`);
    }
  }

  #seeRemoval(key: string): void {
    if (this.isByHand || this.isLate) return;
    if (this.#named.get(key)) this.#fault(key, `"${key}" is removed, and a page that is served names it`);
    const lastMs = this.#lastNamedMs.get(key);
    if (lastMs === undefined) return;
    const agoMs = this.#options.now() - lastMs;
    if (agoMs < this.#options.graceMs - INEXACT_MS)
      this.#fault(key, `"${key}" is removed ${Math.round(agoMs / 1000)} s after the last page that named it`);
  }

  /** Once it is there, no file of that name has other bytes, but where the site itself has replaced it. */
  #seeFile(key: string, { bytes }: MemoryObject): void {
    const prefix = `${key} `;
    if (/\.whl$/.test(key) && !Buffer.from(bytes).toString('latin1').startsWith(prefix))
      this.#fault(key, `"${key}" has bytes of another file`);
  }

  #fault(key: string, what: string): void {
    if (!this.#excused.has(key)) this.#options.onFault(what);
  }

  #linksOf(page: string, bytes: Uint8Array): readonly Link[] {
    const text = Buffer.from(bytes).toString('utf8');
    const known = this.#links.get(page + text);
    if (known !== undefined) return known;
    const links = readLinks(page, text);
    this.#links.set(page + text, links);
    return links;
  }
}

export function isPage(key: string): boolean {
  return /(^|\/)simple\/[^/]+\/index\.(html|json)$/.test(key);
}

function isList(key: string): boolean {
  return /(^|\/)simple\/index\.(html|json)$|(^|\/)sync\/head\.json$/.test(key);
}

/** Of a list: the pages of projects that it leads to. */
function readLinks(page: string, text: string): Link[] {
  if (isList(page)) {
    const folder = page.replace(/(simple\/index|sync\/head)\.(html|json)$/, 'simple/');
    const names = page.endsWith('.json')
      ? (JSON.parse(text) as { projects: { name: string }[] }).projects.map(({ name }) => name)
      : [...text.matchAll(/<a href="([^"/]*)\/"/g)].map(([, name]) => name!);
    return names.flatMap((name) => [{ key: `${folder}${name}/index.html` }, { key: `${folder}${name}/index.json` }]);
  }
  const found: { url: string; sha256: string; metadata?: string | undefined }[] = page.endsWith('.json')
    ? (
        JSON.parse(text) as {
          files: { url: string; hashes: { sha256: string }; 'core-metadata': false | { sha256: string } }[];
        }
      ).files.map(({ url, hashes: { sha256 }, ...more }) => ({
        url,
        sha256,
        metadata: more['core-metadata'] === false ? undefined : more['core-metadata'].sha256,
      }))
    : [...text.matchAll(/<a href="([^"#]*)#sha256=(\w*)"(?: data-core-metadata="sha256=(\w*)")?/g)].map(
        ([, url, sha256, metadata]) => ({ url: url!, sha256: sha256!, metadata }),
      );
  return found.flatMap(({ url, sha256, metadata }) => {
    const key = followLink(page, url)!;
    return metadata === undefined
      ? [{ key, sha256 }]
      : [
          { key, sha256 },
          { key: `${key}.metadata`, sha256: metadata },
        ];
  });
}

function sha256Of(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}
