import { surveySite } from '../../build-site.ts';
import { KhoError } from '../../errors.ts';
import { chooseTargets } from '../../needs/choose-target.ts';
import { buildList, isComplete, type TargetReport } from '../../needs/missing-report.ts';
import { readNeedsFile, readNeedsList } from '../../needs/read-needs.ts';
import { resolveNeeds } from '../../needs/resolve-needs.ts';
import { siteSource } from '../../needs/site-source.ts';
import type { NeedsFile } from '../../needs/wanted.ts';
import { FormatError } from '../../problems.ts';
import { MachineFit } from '../../standards/platforms/machine-fit.ts';
import { buildListText, buildScript, missingLines } from '../lines/missing-lines.ts';
import { openSite } from '../open-site.ts';
import { terminal } from '../terminal.ts';
import { printable, printableJson } from '../text.ts';

export interface NeedsOptions {
  requirement?: string[];
  need?: string[];
  for?: string[];
  python?: string[];
}

interface MissingOptions extends NeedsOptions {
  repository?: string;
  all: boolean;
  format?: 'pip' | 'json' | 'sh';
  json?: true;
}

/** @returns the exit code. @throws {KhoError} */
export async function showMissing(site: string | undefined, options: MissingOptions): Promise<number> {
  const { config, notes } = await openSite(site, 'reads');
  const needs = await readAllNeeds(options);
  const { catalogs } = await surveySite(config);
  const targets = chooseTargets(config, catalogs, { ...options, repositoryOption: '--repository' });
  const reports: TargetReport[] = [];
  for (const { machine, repository, catalog } of targets) {
    const source = siteSource(catalog, config);
    const resolution = await understood(() => resolveNeeds(needs, new MachineFit(machine), source));
    reports.push({
      platform: machine.platform,
      python: machine.python.written,
      repository: repository.name,
      resolution,
    });
  }
  terminal.say([...notes, ...notesOf(needs)].map((note) => `kho: ${note}`));
  print(reports, needs, options);
  return reports.every(isComplete) ? 0 : 1;
}

/** @throws {KhoError} USAGE when nothing is asked for; all that reading them throws */
export async function readAllNeeds({ requirement = [], need }: NeedsOptions): Promise<NeedsFile[]> {
  if (requirement.length === 0 && !need) {
    throw new KhoError('USAGE', 'Cannot tell what is missing: nothing says what is needed', {
      hint: 'name a file with -r, or a requirement with --need',
    });
  }
  const files = [...(need ? [readNeedsList(need)] : [])];
  for (const path of requirement) files.push(await readNeedsFile(path));
  return files;
}

/** @throws {KhoError} READ for markers that have no meaning */
export async function understood<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new KhoError('READ', `Cannot tell what is needed: ${error.message}`, { hint: 'mend the file that says so' });
  }
}

function print(
  reports: readonly TargetReport[],
  needs: readonly NeedsFile[],
  { format, json, all }: MissingOptions,
): void {
  if (json || format === 'json') terminal.stdout(printableJson(toJson(reports, needs)));
  else if (format === 'pip') terminal.stdout(lines(buildListText(reports)));
  else if (format === 'sh') terminal.stdout(lines(buildScript(reports)));
  else terminal.print(missingLines(reports, all));
}

/** What came out of files steers no terminal. */
function lines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** What files with needs leave open, in words. */
export function notesOf(needs: readonly NeedsFile[]): string[] {
  return [...new Set(needs.flatMap(({ notes = [] }) => notes))];
}

export function toJson(reports: readonly TargetReport[], needs: readonly NeedsFile[]) {
  return {
    notes: notesOf(needs),
    targets: reports.map(({ platform, python, repository, resolution }) => ({
      ...{ platform, python, repository },
      projects: resolution.projects.map(({ name, verdict, version, specifiers, from, why, file, held }) => ({
        ...{ name, verdict, version, specifiers, from, why },
        ...(file && { filename: file.filename }),
        ...(held && { held: { file: held.file, code: held.code } }),
      })),
      outside: resolution.outside,
      unread: resolution.unread,
    })),
    build: buildList(reports),
  };
}
