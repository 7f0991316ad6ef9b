/** A site in memory that changes by chance, and is pushed: its pages are such as clients read. */

import { hash } from 'node:crypto';
import type { BucketObject, BucketSource, ObjectStep, SourceUnit } from '../../../src/bucket/bucket-source.ts';
import { bytesBody } from '../../../src/object-store/bytes-body.ts';
import type { ObjectHeaders } from '../../../src/object-store/object-store.ts';
import { CACHE_CONTROL } from '../../../src/standards/http/cache-control.ts';
import {
  contentType,
  HTML_TYPE,
  PACKAGE_TYPE,
  SIMPLE_TYPES,
  TEXT_TYPE,
} from '../../../src/standards/http/media-types.ts';
import type { Draw } from './draw.ts';

interface SimulatedFile {
  repository: string;
  filename: string;
  /** Other bytes have another. */
  version: number;
  /** Changes with each touch, whether bytes do or not. */
  stamp: number;
  isYanked: boolean;
  hasMetadata: boolean;
}

interface SimulatedProject {
  name: string;
  files: Map<string, SimulatedFile>;
}

const NAMES = ['alpha', 'beta', 'gamma-delta', 'torch', 'zlib'];

/** How often each change is drawn beside the others. */
const CHANGES = { add: 8, remove: 5, bringBack: 4, replace: 2, yank: 2, touch: 2, removeProject: 1, metadata: 1 };

export class SimulatedSite {
  /** Bytes of these keys were other ones at some time. */
  readonly replaced = new Set<string>();
  readonly repositories: readonly string[];
  #projects = new Map<string, SimulatedProject>();
  #removed: { project: string; file: SimulatedFile }[] = [];
  #counter = 0;
  readonly #made = new Map<string, BucketObject[]>();

  constructor(repositories: readonly string[]) {
    this.repositories = repositories;
  }

  /** As a backup of now would be, restored on another machine. */
  copy(): SimulatedSite {
    const copy = new SimulatedSite(this.repositories);
    for (const { name, files } of this.#projects.values())
      copy.#projects.set(name, { name, files: new Map([...files].map(([key, file]) => [key, { ...file }])) });
    copy.#removed = this.#removed.map(({ project, file }) => ({ project, file: { ...file } }));
    // What changes there is told apart from what changes here.
    copy.#counter = this.#counter + 1_000_000;
    for (const key of this.replaced) copy.replaced.add(key);
    return copy;
  }

  /** @returns what changed, for the trace */
  change(draw: Draw): string {
    const kind = draw.weighed(CHANGES);
    const files = [...this.#projects.values()].flatMap((project) =>
      [...project.files.values()].map((file) => ({ project, file })),
    );
    if (kind === 'add' || files.length === 0) return this.#add(draw);
    if (kind === 'bringBack') return this.#bringBack(draw);
    const { project, file } = draw.pick(files);
    const key = keyOf(file);
    switch (kind) {
      case 'remove':
        this.#take(project, file);
        return `removed ${key}`;
      case 'replace':
        file.version = ++this.#counter;
        file.stamp = ++this.#counter;
        this.replaced.add(key).add(`${key}.metadata`);
        return `replaced ${key}`;
      case 'yank':
        file.isYanked = !file.isYanked;
        return `yanked, or no longer: ${key}`;
      case 'touch':
        file.stamp = ++this.#counter;
        return `touched ${key}`;
      case 'metadata':
        file.hasMetadata = !file.hasMetadata;
        return `metadata of ${key}: ${file.hasMetadata}`;
      case 'removeProject':
        for (const each of [...project.files.values()]) this.#take(project, each);
        return `removed all of ${project.name}`;
    }
  }

  source(): BucketSource {
    const units = [...this.#projects.values()]
      .map((project) => this.#projectUnit(project))
      .concat(this.#listsUnit())
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return { units: () => units };
  }

  /** All that a clean publish has. */
  async wanted(): Promise<BucketObject[]> {
    const all: BucketObject[] = [];
    for (const unit of this.source().units()) all.push(...(await unit.objects()));
    return all;
  }

  #add(draw: Draw): string {
    const name = draw.pick(NAMES);
    const repository = draw.pick(this.repositories);
    const number = ++this.#counter;
    const file: SimulatedFile = {
      repository,
      filename: `${name.replaceAll('-', '_')}-${number}${draw.chance(0.2) ? '+cpu' : ''}-py3-none-any.whl`,
      version: number,
      stamp: number,
      isYanked: false,
      hasMetadata: draw.chance(0.7),
    };
    this.#put(name, file);
    return `added ${keyOf(file)}`;
  }

  #bringBack(draw: Draw): string {
    if (this.#removed.length === 0) return this.#add(draw);
    const [back] = this.#removed.splice(draw.number(this.#removed.length), 1);
    if (draw.chance(0.5)) back!.file.stamp = ++this.#counter;
    this.#put(back!.project, back!.file);
    return `brought back ${keyOf(back!.file)}`;
  }

  #put(name: string, file: SimulatedFile): void {
    const project = this.#projects.get(name) ?? { name, files: new Map() };
    this.#projects.set(name, project);
    project.files.set(keyOf(file), file);
  }

  #take(project: SimulatedProject, file: SimulatedFile): void {
    project.files.delete(keyOf(file));
    this.#removed.push({ project: project.name, file });
    if (project.files.size === 0) this.#projects.delete(project.name);
  }

  #projectUnit({ name, files }: SimulatedProject): SourceUnit {
    const all = [...files.values()].map((file) => ({ ...file }));
    const print = JSON.stringify(all);
    return {
      name: `project/${name}`,
      print,
      objects: this.#once(name + print, () => [
        ...all.flatMap(fileObjects),
        ...this.repositories.flatMap((repository) => {
          // The second shows what is in the first too, as with include.
          const listed = all.filter((file) => file.repository === repository || repository !== '.');
          return listed.length === 0 ? [] : projectPages(name, repository, listed);
        }),
      ]),
    };
  }

  /** Pages are made once, and asked for at each push. */
  #once(print: string, make: () => BucketObject[]): () => BucketObject[] {
    return () => {
      const made = this.#made.get(print) ?? make();
      this.#made.set(print, made);
      return made;
    };
  }

  #listsUnit(): SourceUnit {
    const inRepository = (repository: string) =>
      [...this.#projects.values()]
        .filter(({ files }) => repository !== '.' || [...files.values()].some((file) => file.repository === '.'))
        .map(({ name }) => name)
        .sort();
    const lists = this.repositories.map((repository) => [repository, inRepository(repository)] as const);
    const print = JSON.stringify(lists);
    return { name: 'lists', print, objects: this.#once(print, () => lists.flatMap(listPages)) };
  }
}

function keyOf({ repository, filename }: { repository: string; filename: string }): string {
  return below(repository, `packages/${filename}`);
}

function below(repository: string, path: string): string {
  return repository === '.' ? path : `${repository}/${path}`;
}

function bytesOf(file: SimulatedFile): string {
  return `${keyOf(file)} ${file.version}\n`;
}

function metadataOf(file: SimulatedFile): string {
  return `Name: ${file.filename}\nVersion: ${file.version}\n`;
}

function fileObjects(file: SimulatedFile): BucketObject[] {
  const key = keyOf(file);
  const objects = [wanted(key, 'package', bytesOf(file), PACKAGE_TYPE, CACHE_CONTROL.keep, String(file.stamp))];
  if (file.hasMetadata)
    objects.push(wanted(`${key}.metadata`, 'companion', metadataOf(file), TEXT_TYPE, CACHE_CONTROL.ask));
  return objects;
}

function projectPages(name: string, repository: string, files: readonly SimulatedFile[]): BucketObject[] {
  const folder = below(repository, `simple/${name}`);
  const listed = files.map((file) => {
    const up = repository === '.' ? '../../' : '../../../';
    const url = up + keyOf(file).replaceAll('+', '%2B');
    const metadata = file.hasMetadata ? sha256Of(metadataOf(file)) : undefined;
    return { file, url, sha256: sha256Of(bytesOf(file)), metadata };
  });
  const json = JSON.stringify({
    meta: { 'api-version': '1.1' },
    name,
    files: listed.map(({ file, url, sha256, metadata }) => ({
      filename: file.filename,
      url,
      hashes: { sha256 },
      'core-metadata': metadata === undefined ? false : { sha256: metadata },
      yanked: file.isYanked,
    })),
  });
  const html = `<!DOCTYPE html>\n<html><body>\n${listed
    .map(({ file, url, sha256, metadata }) => {
      const core = metadata === undefined ? '' : ` data-core-metadata="sha256=${metadata}"`;
      const yanked = file.isYanked ? ' data-yanked=""' : '';
      return `<a href="${url}#sha256=${sha256}"${core}${yanked}>${file.filename}</a><br>\n`;
    })
    .join('')}</body></html>\n`;
  return [
    wanted(`${folder}/index.html`, 'page', html, HTML_TYPE, CACHE_CONTROL.ask),
    wanted(`${folder}/index.json`, 'page', json, SIMPLE_TYPES.json, CACHE_CONTROL.ask),
  ];
}

function listPages([repository, names]: readonly [string, readonly string[]]): BucketObject[] {
  const html = `<!DOCTYPE html>\n<html><body>\n${names.map((name) => `<a href="${name}/">${name}</a><br>\n`).join('')}</body></html>\n`;
  const json = JSON.stringify({ meta: { 'api-version': '1.1' }, projects: names.map((name) => ({ name })) });
  return [
    wanted(below(repository, 'simple/index.html'), 'list', html, HTML_TYPE, CACHE_CONTROL.ask),
    wanted(below(repository, 'simple/index.json'), 'list', json, SIMPLE_TYPES.json, CACHE_CONTROL.ask),
    wanted(below(repository, 'sync/head.json'), 'sync-head', json, SIMPLE_TYPES.json, CACHE_CONTROL.ask),
  ];
}

function wanted(
  key: string,
  step: ObjectStep,
  content: string,
  mediaType: string,
  cacheControl: string,
  stamp = sha256Of(content),
): BucketObject {
  const body = bytesBody(content, sha256Of(content));
  const headers: ObjectHeaders = { contentType: contentType(mediaType), cacheControl };
  return { key, step, headers, stamp, open: () => body };
}

const HASHES = new Map<string, string>();

/** The same few texts are asked about all the time. */
function sha256Of(text: string): string {
  const known = HASHES.get(text);
  if (known !== undefined) return known;
  const made = hash('sha256', text);
  HASHES.set(text, made);
  return made;
}
