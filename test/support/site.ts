import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BuildOptions, buildSite } from '../../src/build-site.ts';
import { loadSite } from '../../src/config/load-config.ts';
import { readKeptLines, writeKeptLines } from '../../src/io/kept-lines.ts';
import {
  makeSdist,
  makeWheel,
  type SdistOptions,
  sdistFilename,
  type WheelOptions,
  wheelFilename,
} from './make-package.ts';

/** When files of test sites were "uploaded", unless a test says otherwise. */
const UPLOADED = new Date('2026-01-02T03:04:05.678Z');

/** See temporary-folder.ts. */
const TEMPORARY = process.env['KHO_TEST_MEMORY'] ?? tmpdir();

/** A site in a temporary folder, for tests. */
export class TestSite {
  readonly root: string;

  constructor(root: string = realpathSync(mkdtempSync(join(TEMPORARY, 'kho-site-')))) {
    this.root = root;
  }

  /** Write a file, from the site's root; its folders too. */
  put(path: string, bytes: Uint8Array | string, modified: Date = UPLOADED): string {
    const full = join(this.root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, bytes);
    utimesSync(full, modified, modified);
    return path;
  }

  /** @returns its path from the site's root */
  wheel(repository: string, options: WheelOptions): string {
    return this.put(join(repository, 'packages', wheelFilename(options)), makeWheel(options));
  }

  sdist(repository: string, options: SdistOptions): string {
    return this.put(join(repository, 'packages', sdistFilename(options)), makeSdist(options));
  }

  remove(...paths: string[]): void {
    for (const path of paths) rmSync(join(this.root, path), { recursive: true });
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  json(path: string) {
    return JSON.parse(this.read(path));
  }

  /** Change what kho remembers, as kho itself would have written it. @param name in `.kho` */
  changeKept(name: string, change: (line: string) => string): void {
    const path = join(this.root, '.kho', name);
    writeKeptLines(path, readKeptLines(path).lines.map(change));
  }

  async build(options: BuildOptions = {}) {
    const { config } = await loadSite(this.root);
    return buildSite(config, options);
  }

  /** All published files and their sha256, without `.kho`. */
  snapshot(folder = this.root): Record<string, string> {
    const files: Record<string, string> = {};
    for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      if (/(?:^|\/)\.kho/.test(path) || !statSync(join(folder, path), { throwIfNoEntry: false })?.isFile()) continue;
      files[path] = createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('hex');
    }
    return files;
  }

  /** File names that the index of a project lists. */
  listed(repository: string, project: string): string[] {
    return this.json(join(repository, 'simple', project, 'index.json')).files.map(
      (file: { filename: string }) => file.filename,
    );
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
