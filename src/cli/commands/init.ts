import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { chooseSite, SITE_OPTION } from '../site-argument.ts';
import { terminal } from '../terminal.ts';

export const init = new Command('init')
  .summary('make the folders and kho.toml of a new site')
  .description(
    'Make a new site: a folder for each repository, and a kho.toml with comments. Leaves alone what is there already.',
  )
  .argument('[names...]', 'of repositories, for example glibc musl common; when left out, the site itself is one')
  .option(...SITE_OPTION)
  .option('--group <name>', 'let all users of this group upload')
  .option('--url <url>', 'where clients will find the site, for kho.toml')
  .option('--title <text>', 'what the site is called, for kho.toml')
  .action(async (names, options) => {
    const { rootFault } = await import('../../setup/act-for-owner.ts');
    const { findGroup } = await import('../../setup/find-group.ts');
    const { initSite } = await import('../../setup/init-site.ts');
    const { initLines } = await import('../lines/init-lines.ts');
    const { group, url, title } = options;
    const site = resolve(chooseSite(undefined, options.site) ?? '.');
    const fault = process.geteuid?.() === 0 && existsSync(site) ? rootFault(realpathSync(site)) : undefined;
    if (fault) throw fault;
    const report = initSite({
      site,
      names,
      ...(group !== undefined && { groupId: findGroup(group) }),
      ...(url !== undefined && { url }),
      ...(title !== undefined && { title }),
    });
    terminal.print(initLines(report, url));
    const { loadSite } = await import('../../config/load-config.ts');
    const { tellOldLayout } = await import('../../config/old-layout.ts');
    const { problemLines } = await import('../lines/problem-lines.ts');
    const { config } = await loadSite(report.site);
    terminal.say(problemLines(tellOldLayout(config)));
  });
