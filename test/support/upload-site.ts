/** A site that is watched, served and read all the while, and packages elsewhere on this machine to upload to it. */
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeWheel, wheelFilename } from './make-package.ts';
import { type Nginx, startNginx } from './nginx.ts';
import { TestSite } from './site.ts';
import { SiteReader } from './site-reader.ts';
import { KHO } from './tools.ts';
import { Watched } from './watched.ts';

/** A package that is to be uploaded. */
export interface LocalWheel {
  path: string;
  filename: string;
  project: string;
  sha256: string;
}

interface User {
  uid: number;
  gid: number;
}

export class UploadSite {
  readonly site = new TestSite();
  readonly repositories: readonly string[];
  /** The project's own folder may be closed to others, and its bundle may be made anew meanwhile. */
  readonly bundle: string;
  watched!: Watched;
  reader!: SiteReader;
  nginx!: Nginx;
  readonly #users: Partial<Record<'kho' | 'web', User>>;
  readonly #outside = mkdtempSync(join(tmpdir(), 'kho-outside-'));
  #wheels = 0;

  /** @param users who runs kho, and who nginx; the user that the tests run as unless given */
  constructor(repositories: readonly string[], users: Partial<Record<'kho' | 'web', User>> = {}) {
    this.repositories = repositories;
    this.#users = users;
    this.bundle = join(this.#outside, 'kho.cjs');
    cpSync(KHO, this.bundle);
    for (const folder of [this.#outside, this.site.root]) chmodSync(folder, 0o755);
    for (const repository of repositories) this.site.wheel(repository, { name: 'always', version: '1.0' });
  }

  /** @param words more options for `kho watch` */
  async start(words: string[] = []): Promise<this> {
    const { kho, web } = this.#users;
    if (kho) this.#share(kho);
    this.watched = await Watched.start(this.site.root, { bundle: this.bundle, words, ...kho });
    this.nginx = await startNginx(this.site.root, web ? { user: web } : {});
    this.reader = new SiteReader(this.nginx.url, this.repositories).start();
    return this;
  }

  async stop(): Promise<void> {
    await this.reader?.stop();
    await this.nginx?.stop();
    await this.watched?.stop();
    this.site.close();
    rmSync(this.#outside, { recursive: true });
  }

  /** As `kho init --group` makes a site: its folders are open to a group. */
  #share({ uid, gid }: User): void {
    for (const path of ['', ...readdirSync(this.site.root, { recursive: true, encoding: 'utf8' })]) {
      const full = join(this.site.root, path);
      chownSync(full, uid, gid);
      if (/(?:^|\/)(?:packages|incoming)(?:\/|$)/.test(path) && statSync(full).isDirectory()) chmodSync(full, 0o2775);
    }
  }

  packages(repository: string): string {
    return join(this.site.root, repository, 'packages');
  }

  /** A folder for packages that are to be uploaded together. */
  localFolder(): string {
    const folder = mkdtempSync(join(this.#outside, 'dist-'));
    chmodSync(folder, 0o755); // rsync -a and lftp mirror give this mode to the folder on the server
    return folder;
  }

  /** @param kilobytes of it that do not compress: other bytes each time */
  localWheel(project: string, folder: string, kilobytes = 20): LocalWheel {
    const options = { name: project, version: '1.0' };
    const noise = randomBytes(kilobytes * 1024);
    const bytes = makeWheel({ ...options, members: { 'noise/data': noise }, description: `${this.#wheels++}` });
    mkdirSync(folder, { recursive: true });
    const filename = wheelFilename(options);
    writeFileSync(join(folder, filename), bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { path: join(folder, filename), filename, project, sha256 };
  }

  /** The hash that the index has for a package now. */
  listedHash(repository: string, { project, filename }: LocalWheel): string | undefined {
    let text: string;
    try {
      text = this.site.read(join(repository, 'simple', project, 'index.json'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // gone for a moment, maybe this very one
      throw error;
    }
    const { files } = JSON.parse(text);
    return files.find((file: { filename: string }) => file.filename === filename)?.hashes.sha256;
  }

  /** Waits until the index lists just these bytes of each. @returns milliseconds @throws {Error} after ten seconds */
  async untilListed(repository: string, ...wheels: LocalWheel[]): Promise<number> {
    const missing = () => wheels.filter((wheel) => this.listedHash(repository, wheel) !== wheel.sha256);
    return until(
      () => missing().length === 0,
      () => `${missing().map(({ filename }) => filename)} not listed`,
    );
  }

  /** Waits until the index does not list a package. @returns milliseconds @throws {Error} after ten seconds */
  async untilGone(repository: string, wheel: LocalWheel): Promise<number> {
    return until(
      () => this.listedHash(repository, wheel) === undefined,
      () => `${wheel.filename} is still listed`,
    );
  }

  /** Changes with every byte that arrives in packages/. */
  arrivals(repository: string): string {
    const folder = this.packages(repository);
    const files = readdirSync(folder).filter((name) => !name.endsWith('.metadata'));
    return files
      .map((name) => {
        const stats = statSync(join(folder, name), { throwIfNoEntry: false });
        return `${name} ${stats?.ino} ${stats?.size} ${stats?.mtimeMs}`;
      })
      .join();
  }

  /** Which file each page of a repository is, and when it was written: any rewriting shows. */
  pages(repository: string): Record<string, string> {
    const pages: Record<string, string> = {};
    for (const path of readdirSync(join(this.site.root, repository), { recursive: true, encoding: 'utf8' })) {
      if (path.startsWith('packages/') && !path.endsWith('.metadata')) continue;
      const stats = statSync(join(this.site.root, repository, path));
      if (stats.isFile()) pages[path] = `${stats.ino} ${stats.mtimeMs} ${stats.size}`;
    }
    return pages;
  }
}

/** @returns milliseconds @throws {Error} after ten seconds */
export async function until(isSo: () => boolean, otherwise: () => string): Promise<number> {
  const began = performance.now();
  while (!isSo()) {
    if (performance.now() - began > 10_000) throw new Error(`After ten seconds: ${otherwise()}`);
    await sleep(10);
  }
  return performance.now() - began;
}
