import { Command } from '@commander-js/extra-typings';
import { counted } from '../amounts.ts';
import { listLines, type SiteListing, toListing } from '../lines/list-lines.ts';
import { chooseSite, SITE_ARGUMENT, SITE_OPTION } from '../site-argument.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';

export const list = new Command('list')
  .summary('list projects, versions, platforms and sizes')
  .description('List what each repository of a site has: projects, versions, platforms, sizes. Changes nothing.')
  .argument(...SITE_ARGUMENT)
  .option(...SITE_OPTION)
  .option('--json', 'print the list as JSON, and nothing else')
  .action(async (site, options) => {
    const { openSite } = await import('../open-site.ts');
    const { surveySite } = await import('../../build-site.ts');
    const { config, notes } = await openSite(chooseSite(site, options.site), 'reads');
    const { catalogs, problems } = await surveySite(config);
    const listing: SiteListing = {
      site: config.root,
      repositories: catalogs.map(({ repository, projects }) => ({
        name: repository,
        projects: projects.map(toListing),
      })),
    };
    if (options.json) {
      terminal.stdout(printableJson(listing));
      return;
    }
    terminal.say(notes.map((note) => `kho: ${note}`));
    terminal.print(listLines(listing));
    if (problems.length > 0) terminal.say(['', `kho: ${counted(problems.length, 'problem')}; "kho build" says which`]);
  });
