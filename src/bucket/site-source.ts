import type { Stats } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { BucketSettings } from '../config/bucket-settings.ts';
import { privateNames } from '../config/private-repositories.ts';
import type { FileFacts } from '../inspect/file-facts.ts';
import { type PageStamp, pageStamp, readPageStamp } from '../io/page-stamp.ts';
import { readSteadily } from '../io/steady-file.ts';
import { bytesBody } from '../object-store/bytes-body.ts';
import type { ObjectBody, ObjectHeaders } from '../object-store/object-store.ts';
import { isToBeMade } from '../publish/leave-json-api.ts';
import type { FileRecord, ProjectRecord, Published } from '../publish/manifest.ts';
import { sentAs } from '../publish/sent-as.ts';
import { fromRoot, locate, splitRepository } from '../publish/target.ts';
import { isNamedByContent } from '../render/web/places.ts';
import { withoutChange } from '../scan/file-state.ts';
import { hasStamp, mayHaveStamp, packageStamps } from '../scan/state-stamps.ts';
import { PACKED_TYPES } from '../standards/http/media-types.ts';
import { COPIED_SIDE_FILES, UPLOADED_SIDE_FILES } from '../standards/side-files.ts';
import { HEAD_PATH } from '../sync-format/head.ts';
import { sha256Of } from './bucket-record.ts';
import {
  BASE_UNIT,
  type BucketObject,
  type BucketSource,
  LISTS_UNIT,
  type ObjectStep,
  type SourceUnit,
} from './bucket-source.ts';
import { fileBody } from './file-body.ts';
import { isPushed, slashKeyOf } from './published-part.ts';
import type { SiteSnapshot } from './site-snapshot.ts';

/** Raised whenever objects of the same site become others. */
const RULES = 1;

/** As `standards/http/pack.ts` does. */
const GZIP_LEVEL = 6;

/** A published site as what a bucket is to hold. Its lines stay text until somebody asks for their objects. */
export class SiteSource implements BucketSource {
  /** All that decides about objects besides what is published. */
  readonly settings: string;
  readonly #site: SiteSnapshot;
  readonly #options: BucketSettings;
  readonly #hidden: ReadonlySet<string>;
  readonly #filesImmutable: boolean;

  constructor(site: SiteSnapshot, options: BucketSettings) {
    const { config } = site;
    [this.#site, this.#options] = [site, options];
    this.#hidden = new Set(options.withPrivate ? [] : privateNames(config));
    this.#filesImmutable = config.filesImmutable ?? false;
    const { pages = true, pypi = true, feeds = true, slashKeys = false, precompress = false } = options;
    const told = [RULES, pages, pypi, feeds, slashKeys, precompress, this.#filesImmutable];
    this.settings = JSON.stringify([...told, this.leftOut.sort()]);
  }

  /** Names of private repositories of which nothing is to be seen there. */
  get leftOut(): string[] {
    return [...this.#hidden];
  }

  *units(): Generator<SourceUnit> {
    const { manifest, sync } = this.#site;
    const lists: Published = new Map(manifest.roots);
    const base: Published = new Map();
    for (const [path, page] of this.#web()?.header.roots ?? [])
      if (isNamedByContent(path)) base.set(path, page);
      else lists.set(path, page);
    yield { name: BASE_UNIT, print: printOf(stampsOf(base)), objects: () => this.#pages(base, 'companion') };
    for (const name of [...manifest.projects.names()].sort()) yield this.#projectUnit(name);
    const objects = () => [...this.#pages(lists, 'list'), ...this.#synced()];
    yield { name: LISTS_UNIT, print: printOf([stampsOf(lists), [...sync]]), objects };
  }

  /** What only those with a token may see by now does not stay for a while. */
  goesAtOnce(key: string): boolean {
    return this.#hidden.has(splitRepository(key).repository);
  }

  /** Undefined while pages for people still tell of what is private by now. */
  #web(): SiteSnapshot['pages'] {
    const { pages } = this.#site;
    return pages && [...this.#hidden].every((name) => pages.header.privates.includes(name)) ? pages : undefined;
  }

  /** Its print is asked of each, and then once more of the few that changed. */
  #projectUnit(name: string): SourceUnit {
    const print = () => this.#projectPrint(name);
    return {
      name: `project/${name}`,
      get print() {
        return print();
      },
      objects: () => this.#project(name),
    };
  }

  #project(name: string): BucketObject[] {
    const record = this.#site.manifest.projects.get(name);
    return record ? [...this.#packages(record), ...this.#pages(this.#pagesOf(name, record), 'page')] : [];
  }

  #pagesOf(name: string, { published }: ProjectRecord): Published {
    return new Map([...published, ...(this.#web()?.store.published(name) ?? [])]);
  }

  /** Of its objects alone: what else is known of a project changes more often. */
  #projectPrint(name: string): string {
    const record = this.#site.manifest.projects.get(name);
    if (!record) return '';
    const packages = [...this.#packages(record)].map(({ key, stamp }): [string, string] => [key, stamp]);
    return printOf([stampsOf(this.#pagesOf(name, record)), packages.sort(byKey)]);
  }

  *#packages({ files, shown }: ProjectRecord): Generator<BucketObject> {
    const listed = new Set<number>();
    for (const [repository, { files: places }] of Object.entries(shown))
      if (!this.#hidden.has(repository)) for (const place of places) listed.add(place);
    for (const place of listed) {
      const file = files[place];
      if (file?.facts) yield* this.#package(file, file.facts);
    }
  }

  *#package(file: FileRecord, facts: FileFacts): Generator<BucketObject> {
    const key = fromRoot(file.repository, `packages/${file.path}`);
    const path = locate(this.#site.target, key);
    const stamps = packageStamps(file.state);
    const isAsSeen = (stats: Stats) => hasStamp(stats, stamps.file);
    const open = () => fileBody(path, { ...facts, isAsSeen });
    yield this.#object(key, 'package', facts.sha256, open);
    for (const side of COPIED_SIDE_FILES) {
      const stamp = stamps.sides[side];
      const isServed = side === UPLOADED_SIDE_FILES.signature ? file.signed : file.provenance;
      if (stamp === undefined || !isServed) continue;
      const openSide = () => bytesBody(readSteadily(`${path}.${side}`, (stats) => mayHaveStamp(stats, stamp)));
      yield this.#object(`${key}.${side}`, 'companion', withoutChange(stamp), openSide);
    }
  }

  /** @param step of those that are not beside packages */
  *#pages(published: Published, step: ObjectStep): Generator<BucketObject> {
    for (const [key, page] of published) {
      if (!isPushed(key, this.#hidden, this.#options)) continue;
      const stamp = isToBeMade(page) ? readPageStamp(locate(this.#site.target, key)) : page[0];
      if (stamp === undefined) continue; // it comes with the next push
      const isCompanion = splitRepository(key).rest.startsWith('packages/');
      yield this.#page(key, key, isCompanion ? 'companion' : step, stamp);
      const slashKey = this.#options.slashKeys ? slashKeyOf(key) : undefined;
      if (slashKey !== undefined) yield this.#page(slashKey, key, step, stamp);
    }
  }

  *#synced(): Generator<BucketObject> {
    for (const [key, stamp] of this.#site.sync) {
      const { repository, rest } = splitRepository(key);
      if (!this.#hidden.has(repository))
        yield this.#page(key, key, rest === HEAD_PATH ? 'sync-head' : 'companion', stamp);
    }
  }

  #page(key: string, path: string, step: ObjectStep, stamp: PageStamp): BucketObject {
    const { precompress = false } = this.#options;
    const file = locate(this.#site.target, path);
    const { type } = sentAs(path, this.#filesImmutable);
    const isPacked = precompress && step !== 'sync-head' && PACKED_TYPES.includes(type.split(';', 1)[0] as string);
    const open = () => {
      const bytes = readSteadily(file, (stats) => pageStamp(stats) === stamp);
      return bytesBody(isPacked ? gzipSync(bytes, { level: GZIP_LEVEL }) : bytes);
    };
    return this.#object(key, step, stamp, open, path, isPacked);
  }

  #object(
    key: string,
    step: ObjectStep,
    stamp: string,
    open: () => ObjectBody,
    path = key,
    isPacked = false,
  ): BucketObject {
    const { type, cache } = sentAs(path, this.#filesImmutable);
    const headers: ObjectHeaders = {
      contentType: type,
      cacheControl: cache,
      ...(isPacked && { contentEncoding: 'gzip' }),
    };
    return { key, step, headers, stamp, open };
  }
}

function stampsOf(published: Published): [path: string, stamp: PageStamp][] {
  return [...published].map(([path, [stamp]]): [string, PageStamp] => [path, stamp]).sort(byKey);
}

function byKey([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : 1;
}

function printOf(value: unknown): string {
  return sha256Of(JSON.stringify(value));
}
