import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { surveySite } from '../../build-site.ts';
import type { Project } from '../../catalog/model.ts';
import { sitePath } from '../../catalog/resolve-listing.ts';
import { didYouMean } from '../../config/did-you-mean.ts';
import { loadSite } from '../../config/load-config.ts';
import { KhoError } from '../../errors.ts';
import { readMetadata } from '../../inspect/inspect-file.ts';
import { openingHint } from '../../io/opening-line.ts';
import { FormatError } from '../../problems.ts';
import { fileKind } from '../../scan/file-kinds.ts';
import type { CoreMetadata } from '../../standards/metadata.ts';
import { normalizeName } from '../../standards/name.ts';
import { quoted } from '../../standards/quoted.ts';
import { openSite } from '../open-site.ts';
import { terminal } from '../terminal.ts';
import { type Line, printableJson } from '../text.ts';
import { describeFile, type SurveyedSite } from './describe-file.ts';
import { fileLines, projectLines } from './show-lines.ts';
import type { ShownFile, ShownProject } from './shown.ts';

interface ShowOptions {
  /** The site's folder as the user named it. */
  site: string | undefined;
  json: boolean;
}

/**
 * Show a file by its path (in a site or not), else files of the site by their name, else a project of the site.
 *
 * @returns the exit code: 1 when there is nothing of that name, or a shown file is listed nowhere
 */
export async function showAnything(what: string, { site, json }: ShowOptions): Promise<0 | 1> {
  const path = resolve(what);
  if (isFile(path) && (/[/\\]/.test(what) || fileKind(basename(what)).is !== 'stray')) {
    return printFiles([await describeFile(path, await siteAround(path, site))], json);
  }
  const surveyed = await survey(await openSite(site, 'reads'), json);
  const paths = filesCalled(what, surveyed);
  if (paths.length > 0) {
    return printFiles(await Promise.all(paths.map((each) => describeFile(each, surveyed))), json);
  }
  const projects = await projectsCalled(what, surveyed);
  if (projects.length === 0) return sayNothingFound(what, surveyed);
  if (json) terminal.stdout(printableJson(projects));
  else terminal.print(allProjectLines(projects));
  return 0;
}

/** A file need not be in a site, and can be shown when its site is in disorder. */
async function siteAround(path: string, named: string | undefined): Promise<SurveyedSite | undefined> {
  try {
    const { config } = await loadSite(named, dirname(path));
    return { config, survey: await surveySite(config) };
  } catch (error) {
    if (!(error instanceof KhoError) || named !== undefined) throw error;
    if (error.code !== 'SITE') terminal.say([`kho: the site around it is left aside: ${error.message.split('\n')[0]}`]);
    return undefined;
  }
}

async function survey({ config, notes }: Awaited<ReturnType<typeof loadSite>>, json: boolean): Promise<SurveyedSite> {
  if (!json) terminal.say(notes.map((note) => `kho: ${note}`));
  return { config, survey: await surveySite(config) };
}

/** Absolute paths of files in the site with that name or path from its root, listed or held. */
function filesCalled(what: string, { config, survey }: SurveyedSite): string[] {
  const paths = new Set<string>();
  for (const { filename, path, repository } of allProjects(survey.catalogs).flatMap(filesOf)) {
    const inSite = sitePath({ repository, path });
    if (filename === what || inSite === what) paths.add(inSite);
  }
  for (const { file } of [...survey.problems, ...survey.notes]) {
    if (file === what || basename(file) === what) paths.add(file);
  }
  return [...paths]
    .sort()
    .map((path) => join(config.root, path))
    .filter(isFile);
}

async function projectsCalled(what: string, { config, survey }: SurveyedSite): Promise<ShownProject[]> {
  let name: string;
  try {
    name = normalizeName(what);
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
  const shown: ShownProject[] = [];
  for (const { repository, projects } of survey.catalogs) {
    const project = projects.find((each) => each.name === name);
    if (!project) continue;
    const metadata = await latestMetadata(project, config.root);
    shown.push({ repository, project, ...(metadata && { metadata }) });
  }
  return shown;
}

/** A wheel says more surely than an sdist what will be installed. */
async function latestMetadata({ latest }: Project, root: string): Promise<CoreMetadata | undefined> {
  const file = latest?.files.find(({ kind }) => kind === 'wheel') ?? latest?.files[0];
  if (!file) return undefined;
  try {
    return (await readMetadata(join(root, sitePath(file)))).metadata;
  } catch (error) {
    if (error instanceof FormatError) return undefined; // Changed since the survey; the next build says what is wrong.
    throw error;
  }
}

function printFiles(files: readonly ShownFile[], json: boolean): 0 | 1 {
  if (json) terminal.stdout(printableJson(files));
  else terminal.print(files.flatMap((file, index) => [...(index > 0 ? [''] : []), ...fileLines(file)]));
  return files.every((file) => file.package && (file.listedIn.length > 0 || !file.inSite)) ? 0 : 1;
}

/** Repositories that include one another show much the same: that is printed once. */
function allProjectLines(projects: readonly ShownProject[]): Line[] {
  const alike = new Map<string, ShownProject[]>();
  for (const each of projects) {
    const key = JSON.stringify(each.project);
    const group = alike.get(key);
    if (group) group.push(each);
    else alike.set(key, [each]);
  }
  return [...alike.values()].flatMap((group, index) => [
    ...(index > 0 ? [''] : []),
    ...projectLines(
      group.map(({ repository }) => repository),
      group[0]!,
    ),
  ]);
}

function sayNothingFound(what: string, { config, survey }: SurveyedSite): 1 {
  const names = [...new Set(allProjects(survey.catalogs).map(({ name }) => name))];
  const isElsewhere = config.repositories.some(({ upstreams }) => upstreams);
  const ofOthers = isElsewhere ? ', and "kho why" what comes of a project from other indexes' : '';
  const hint = didYouMean(what, names) || `; "kho list" says what there is${ofOthers}`;
  terminal.say([`kho: there is no project or file ${quoted(what)} in "${config.root}"${hint}`]);
  return 1;
}

function allProjects(catalogs: SurveyedSite['survey']['catalogs']): Project[] {
  return catalogs.flatMap(({ projects }) => projects);
}

function filesOf({ releases }: Project) {
  return releases.flatMap(({ files }) => files);
}

/** @throws {KhoError} READ where that cannot be told */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP') return false;
    throw new KhoError('READ', `Cannot look at ${quoted(path)}`, { hint: openingHint(path, code), cause });
  }
}
