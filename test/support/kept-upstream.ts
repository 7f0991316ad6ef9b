import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadSite } from '../../src/config/load-config.ts';
import { keepPage } from '../../src/kept-upstream/kept-page.ts';
import { normalizeName } from '../../src/standards/name.ts';
import { makeAtHand } from '../../src/upstream/pages/make-at-hand.ts';
import { wheelFilename } from './make-package.ts';
import { TestSite } from './site.ts';

/** A site with the upstream "public", of which files are kept that nobody had to bring. */
export class KeptUpstreamSite extends TestSite {
  /** What stands before the tables of kho.toml, and what the repository "red" has besides its upstream. */
  settings(top = '', red = 'upstreams = ["public"]'): void {
    const upstream = '[upstreams.public]\nurl = "http://127.0.0.1:9/simple/"\n';
    this.put('kho.toml', `pages = false\n${top}\n${upstream}[repositories.red]\n${red}\n`);
  }

  /** Keep files of a project, and the page that lists them. */
  keep(project: string, ...versions: string[]): void {
    const files = versions.map((version) => {
      const filename = wheelFilename({ name: project, version });
      this.put(this.kept(project, version), 'bytes');
      this.put(`${this.kept(project, version)}.metadata`, 'bytes');
      return { filename, url: `http://127.0.0.1:9/${filename}`, version, sha256: 'a'.repeat(64), size: 5 };
    });
    const of = { upstream: 'public', index: 'http://127.0.0.1:9/simple/', project: normalizeName(project) };
    const header = { bodySha256: 'b'.repeat(64), form: 'json' as const, files: files.length, changedMs: 1_000 };
    keepPage(this.root, { ...of, files }, header);
  }

  /** Make the pages that web servers have while kho does not run, as `kho build` does. */
  async makeAtHand(): Promise<void> {
    const { config } = await loadSite(this.root);
    const told = await makeAtHand(config);
    if (told.length > 0) throw new Error(told.join('\n'));
  }

  kept(project: string, version: string): string {
    return `upstream/public/packages/${project}/${wheelFilename({ name: project, version })}`;
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /** What a page of what is at hand lists, as `1.0` or `1.0 yanked`; undefined where there is none. */
  atHand(project: string, repository = 'red'): string[] | undefined {
    const path = `upstream/simple/${repository}/simple/${project}/index.json`;
    return this.has(path) ? versionsOn(this.json(path)) : undefined;
  }

  /** All that is kept of a project, by path. */
  left(project: string): string[] {
    const top = join(this.root, 'upstream');
    const paths = existsSync(top) ? readdirSync(top, { recursive: true, encoding: 'utf8' }) : [];
    return paths.filter((path) => path.split('/').some((part) => part.replace(/\.json$/, '') === project)).sort();
  }
}

/** Of a page of the simple API. */
export function versionsOn(page: { files: { filename: string; yanked?: string | boolean }[] }): string[] {
  return page.files.map(({ filename, yanked }) => `${filename.split('-')[1]}${yanked ? ' yanked' : ''}`);
}
