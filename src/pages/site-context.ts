import { publicRepositories } from '../config/private-repositories.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { README_VERSION } from '../readme/readme-version.ts';
import { fingerprint } from '../render/fingerprint.ts';
import { RENDER_VERSION } from '../render/page.ts';
import type { SiteContext } from '../render/web/model.ts';
import { TEXTS } from '../render/web/words.ts';
import { LANGUAGES, type Language } from '../standards/languages.ts';
import { ownIcon } from './own-icon.ts';
import { ownStyle } from './own-style.ts';
import { webFiles } from './web-files.ts';

/** Style, script, icon and tables of texts: all pages of a site share them, under names that change with their content. */
export interface SharedFile {
  /** From the site's root. */
  path: string;
  content: string;
}

export async function siteContext(config: SiteConfig): Promise<{ site: SiteContext; shared: SharedFile[] }> {
  const { css, js, theme: themeScript } = await webFiles();
  const style = sharedFile('kho', 'css', css + ownStyle(config));
  const script = sharedFile('kho', 'js', js);
  const theme = sharedFile('theme', 'js', themeScript);
  const icon = sharedFile('icon', 'svg', ownIcon(config));
  const tables = LANGUAGES.map((language) => [language, textsFile(language)] as const);
  const uploadsTo = publicRepositories(config)
    .filter((repository) => takesUploads(repository, config))
    .map(({ name }) => name);
  const site: SiteContext = {
    title: config.title,
    ...(config.url !== undefined && { siteUrl: config.url }),
    language: config.language ?? 'en',
    style: style.path,
    script: script.path,
    theme: theme.path,
    icon: icon.path,
    texts: Object.fromEntries(tables.map(([language, { path }]) => [language, path])) as Record<Language, string>,
    repositories: publicRepositories(config).map(({ name }) => name),
    remoteImages: config.remoteImages ?? false,
    ...(publicRepositories(config).some(({ upstreams }) => upstreams) && { passesOn: true as const }),
    ...(config.logo !== undefined && { hasLogo: true as const }),
    ...(uploadsTo.length > 0 && { uploadsTo }),
  };
  return { site, shared: [style, script, theme, icon, ...tables.map(([, file]) => file)] };
}

/** Whether packages can be uploaded to it over HTTP: what only lists those of others has no place for them. */
export function takesUploads({ packages }: RepositoryConfig, { upload }: SiteConfig): boolean {
  return upload !== undefined && packages !== undefined;
}

/** A script that calls `khoTexts` with the language and its texts: a page opened from a disk may load that, and no JSON. */
function textsFile(language: Language): SharedFile {
  return sharedFile(
    `texts-${language}`,
    'js',
    `khoTexts(${JSON.stringify(language)}, ${JSON.stringify(TEXTS[language])});\n`,
  );
}

function sharedFile(name: string, ending: string, content: string): SharedFile {
  const print = fingerprint(content)
    .slice(0, 10)
    .replace(/[^A-Za-z0-9]/g, '0');
  return { path: `project/${name}.${print}.${ending}`, content };
}

/** All settings, and versions of kho, that every page depends on, as one text. */
export function pagesSettings(site: SiteContext, config: SiteConfig): string {
  const repositories = config.repositories.map(({ name, include, projects, private: isPrivate }) => [
    name,
    include,
    [...projects].sort(([a], [b]) => (a < b ? -1 : 1)),
    ...(isPrivate ? ['private'] : []),
  ]);
  return JSON.stringify([RENDER_VERSION, README_VERSION, site, repositories, config.precompress === true]);
}
