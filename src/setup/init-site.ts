/** Makes the folders of a new site. What is there already is left as it is. */

import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SETTINGS_FILE } from '../config/find-site.ts';
import { loadSettings } from '../config/load-settings.ts';
import { isReservedName, newRepositoryNameFault, SITE_ITSELF } from '../config/repository-name.ts';
import { siteUrlFault } from '../config/site-url.ts';
import { KhoError } from '../errors.ts';
import { makeFolder } from '../io/disk.ts';
import { ownLeftovers } from '../io/own-leftover.ts';
import { giveAway, shareFolder } from '../io/share-folder.ts';
import { writeFileAtomic } from '../io/write-file-atomic.ts';
import { removeLeftovers } from '../publish/leftovers.ts';
import { isPassedOver } from '../standards/passed-over.ts';
import { quoted } from '../standards/quoted.ts';
import { includeLines, SHARED_NAME, type StarterSettings, starterSettings } from './starter-settings.ts';

export interface InitOptions extends StarterSettings {
  /** The site's folder; made if it is not there. */
  site: string;
  /** All users of this group may upload: into packages/ and incoming/, and nowhere else. */
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
  /** Folders that were given to the group, with all below them. */
  shared: string[];
  /** What the kho.toml that was there lacks, so that the repository for what fits everywhere is of use; lines for it. */
  toAdd: string;
}

/** @throws {KhoError} USAGE for names and addresses that cannot be, and for what a kho.toml that is there cannot be told; WRITE */
export function initSite({ site, groupId, ...settings }: InitOptions): InitReport {
  check(settings);
  const root = resolve(site);
  const file = join(root, SETTINGS_FILE);
  if (isThere(file)) refuseSettings(file, settings);
  const before = repositoriesIn(root);
  const repositories = settings.names.length > 0 ? [...new Set(settings.names)] : unnamed(root, before);
  const report: InitReport = { site: root, repositories, made: [], kept: [], shared: [], toAdd: '' };
  const owner = ownerOfSite(root);
  const make = (folder: string) => {
    if (isFolder(folder)) report.kept.push(folder);
    else {
      makeFolder(folder);
      if (owner) giveAway(folder, owner);
      report.made.push(folder);
    }
  };
  const packages = repositories.map((name) => join(root, name, 'packages'));
  for (const folder of new Set([root, ...packages.flatMap((each) => [join(each, '..'), each])])) make(folder);
  if (groupId !== undefined) {
    const incoming = join(root, 'incoming');
    const named = repositories.filter((name) => name !== SITE_ITSELF);
    for (const folder of [incoming, ...named.map((name) => join(incoming, name))]) make(folder);
    report.shared = [...packages, incoming].filter((folder) => shareFolder(folder, groupId));
  }
  if (isThere(file)) {
    report.kept.push(file);
    report.toAdd = missingIncludes(file, [...before, ...settings.names]);
  } else {
    const others = before.filter((name) => !settings.names.includes(name)); // those of a run that was stopped are named now too
    const names = [...new Set([...others, ...settings.names])];
    writeFileAtomic(file, [starterSettings({ ...settings, names })]);
    if (owner) giveAway(file, owner);
    report.made.push(file);
  }
  removeLeftovers(ownLeftovers(root));
  report.site = realpathSync(root);
  return report;
}

/** What is meant where no repository is named: all that there are, or the site itself where there is none. */
function unnamed(root: string, before: readonly string[]): string[] {
  return before.length > 0 && !isFolder(join(root, 'packages')) ? [...before] : [SITE_ITSELF, ...before];
}

/** Whom root makes folders for, in a site that is there already. */
function ownerOfSite(root: string): { uid: number; gid: number } | undefined {
  const found = statSync(root, { throwIfNoEntry: false });
  return process.geteuid?.() === 0 && found && found.uid !== 0 ? found : undefined;
}

/** Names of the repositories that a site has already. */
function repositoriesIn(root: string): string[] {
  if (!isFolder(root)) return [];
  return readdirSync(root)
    .filter(
      (name) =>
        !name.startsWith('.') && !isReservedName(name) && !isPassedOver(name) && isFolder(join(root, name, 'packages')),
    )
    .sort();
}

function refuseSettings(file: string, { url, title }: StarterSettings): void {
  const lines = [
    ...(url === undefined ? [] : [`url = ${JSON.stringify(url)}`]),
    ...(title === undefined ? [] : [`title = ${JSON.stringify(title)}`]),
  ];
  if (lines.length === 0) return;
  throw new KhoError('USAGE', `Cannot write settings into ${quoted(file)}: it is there already, and may have others`, {
    hint: `write into it: ${lines.join(' and ')}`,
  });
}

/** @param names of all repositories */
function missingIncludes(file: string, names: readonly string[]): string {
  if (!names.includes(SHARED_NAME)) return '';
  const { repositories } = loadSettings(readFileSync(file));
  const settings = [...repositories.values()];
  if (settings.some(({ include }) => include.some(({ name }) => name === SHARED_NAME))) return '';
  const others = [...new Set(names)].filter(
    (name) => name !== SHARED_NAME && (repositories.get(name)?.include.length ?? 0) === 0,
  );
  return others.map(includeLines).join('');
}

function check({ names, url, title }: StarterSettings): void {
  for (const name of names) {
    const fault = name === SITE_ITSELF ? 'leave the name out for that' : newRepositoryNameFault(name);
    if (fault) throw new KhoError('USAGE', `Cannot call a repository ${quoted(name)}: ${fault}`);
  }
  const fault = url === undefined ? undefined : siteUrlFault(url);
  if (fault) throw new KhoError('USAGE', `Cannot use the address ${quoted(url ?? '')}: it ${fault}`);
  if (title !== undefined && (title.trim() === '' || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(title))) {
    throw new KhoError('USAGE', `Cannot use the title ${quoted(title)}: it must be one line with something in it`);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Also for a link that leads nowhere: whoever made it wants it to stay. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
