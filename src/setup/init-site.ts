/** Makes the folders of a new site. What is there already is left as it is. */
import { lstatSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SETTINGS_FILE } from '../config/find-site.ts';
import { repositoryNameFault, SITE_ITSELF } from '../config/repository-name.ts';
import { siteUrlFault } from '../config/site-url.ts';
import { KhoError } from '../errors.ts';
import { makeFolder } from '../io/disk.ts';
import { ownLeftovers } from '../io/own-leftover.ts';
import { shareFolder } from '../io/share-folder.ts';
import { writeFileAtomic } from '../io/write-file-atomic.ts';
import { removeLeftovers } from '../publish/leftovers.ts';
import { quoted } from '../standards/quoted.ts';
import { type StarterSettings, starterSettings } from './starter-settings.ts';

export interface InitOptions extends StarterSettings {
  /** The site's folder; made if it is not there. */
  site: string;
  /** All users of this group may upload. */
  groupId?: number;
}

export interface InitReport {
  /** Absolute and real. */
  site: string;
  /** Names of repositories; `.` is the site itself. */
  repositories: string[];
  /** Both absolute, in the order in which they were looked at. */
  made: string[];
  kept: string[];
}

/** @throws {KhoError} USAGE for names and addresses that cannot be, WRITE */
export function initSite({ site, groupId, ...settings }: InitOptions): InitReport {
  check(settings);
  const root = resolve(site);
  const repositories = settings.names.length > 0 ? [...new Set(settings.names)] : [SITE_ITSELF];
  const report: InitReport = { site: root, repositories, made: [], kept: [] };
  const folders = repositories.flatMap((name) => [join(root, name), join(root, name, 'packages')]);
  for (const folder of new Set([root, ...folders])) {
    if (isFolder(folder)) {
      report.kept.push(folder);
      continue;
    }
    makeFolder(folder);
    if (groupId !== undefined) shareFolder(folder, groupId);
    report.made.push(folder);
  }
  const file = join(root, SETTINGS_FILE);
  if (isThere(file)) report.kept.push(file);
  else {
    writeFileAtomic(file, [starterSettings(settings)]);
    report.made.push(file);
  }
  removeLeftovers(ownLeftovers(root));
  report.site = realpathSync(root);
  return report;
}

function check({ names, url, title }: StarterSettings): void {
  for (const name of names) {
    const fault = name === SITE_ITSELF ? 'leave the name out for that' : repositoryNameFault(name);
    if (fault) throw new KhoError('USAGE', `Cannot call a repository ${quoted(name)}: ${fault}`);
  }
  const fault = url === undefined ? undefined : siteUrlFault(url);
  if (fault) throw new KhoError('USAGE', `Cannot use the address ${quoted(url ?? '')}: it ${fault}`);
  if (title !== undefined && (title.trim() === '' || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(title))) {
    throw new KhoError('USAGE', `Cannot use the title ${quoted(title)}: it must be one line with something in it`);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Also for a link that leads nowhere: whoever made it wants it to stay. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
