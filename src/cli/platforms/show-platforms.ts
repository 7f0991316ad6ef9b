import { surveySite } from '../../build-site.ts';
import type { RepositoryCatalog } from '../../catalog/repository-catalog.ts';
import { seenPythons } from '../../catalog/seen-machines.ts';
import { didYouMean } from '../../config/did-you-mean.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import { type ColumnSource, type PlatformTable, platformTable } from '../../needs/platform-table.ts';
import { readPlatformName, readPython } from '../../needs/read-machine.ts';
import { machineOf, servedPlatforms } from '../../needs/served-machines.ts';
import { normalizeName } from '../../standards/name.ts';
import { pythonSeries } from '../../standards/platforms/target-machine.ts';
import { quoted } from '../../standards/quoted.ts';
import { counted } from '../amounts.ts';
import { platformLines } from '../lines/platform-lines.ts';
import { openSite } from '../open-site.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';

interface PlatformsOptions {
  project?: string[];
  for?: string[];
  python?: string[];
  repository?: string[];
  all: boolean;
  json?: true;
}

/** @throws {KhoError} */
export async function showPlatforms(site: string | undefined, options: PlatformsOptions): Promise<void> {
  const { config, notes } = await openSite(site, 'reads');
  const { catalogs, problems } = await surveySite(config);
  const table = chooseProjects(tableOf(config, catalogs, options), options);
  if (options.json) {
    terminal.stdout(printableJson({ site: config.root, ...table }));
    return;
  }
  terminal.say(notes.map((note) => `kho: ${note}`));
  const all = options.all || options.project !== undefined;
  terminal.print(platformLines(table, { width: terminal.columns(), all }));
  if (problems.length > 0) terminal.say(['', `kho: ${counted(problems.length, 'problem')}; "kho build" says which`]);
}

function tableOf(config: SiteConfig, catalogs: readonly RepositoryCatalog[], options: PlatformsOptions): PlatformTable {
  const asked = options.for?.map(readPlatformName);
  const pythons = chosenPythons(catalogs, options.python);
  const names = catalogs.map(({ repository }) => repository);
  for (const name of options.repository ?? []) {
    if (names.includes(name)) continue;
    const why = `the site has none of that name${didYouMean(name, names)}`;
    throw new KhoError('USAGE', `Cannot show the repository ${quoted(name)}: ${why}`, {
      hint: `it has ${names.join(', ')}`,
    });
  }
  const sources = config.repositories.flatMap((repository): ColumnSource[] => {
    const catalog = catalogs.find((each) => each.repository === repository.name) as RepositoryCatalog;
    if (options.repository && !options.repository.includes(repository.name)) return [];
    const platforms = servedPlatforms(repository, catalog.projects, config.repositories, asked);
    return platforms.map((platform) => {
      const machines = pythons.map((python) => machineOf(repository, platform, python));
      const libcFloor = machines[0]?.libcFloor;
      return {
        column: { repository: repository.name, platform, ...(libcFloor !== undefined && { libcFloor }) },
        catalog,
        machines,
      };
    });
  });
  return platformTable(sources, pythons);
}

/** Any will do where no wheel is for one in particular. */
const SOME_PYTHON = '3.13';

function chosenPythons(catalogs: readonly RepositoryCatalog[], asked: string[] | undefined): string[] {
  if (asked) return [...new Set(asked.map((written) => pythonSeries(readPython(written))))];
  const seen = seenPythons(catalogs.flatMap(({ projects }) => projects));
  return seen.length > 0 ? seen : [SOME_PYTHON];
}

function chooseProjects(table: PlatformTable, { project }: PlatformsOptions): PlatformTable {
  if (!project) return table;
  const projects = project.map((written) => {
    const name = normalizeName(written);
    const found = table.projects.find((each) => each.name === name);
    if (found) return found;
    throw new KhoError(
      'USAGE',
      `Cannot show the project ${quoted(written)}: no repository has it${didYouMean(
        name,
        table.projects.map((each) => each.name),
      )}`,
      {
        hint: 'kho list shows the projects that there are',
      },
    );
  });
  return { ...table, projects: [...new Set(projects)] };
}
