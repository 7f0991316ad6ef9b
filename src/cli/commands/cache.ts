import { Command } from '@commander-js/extra-typings';
import { SITE } from '../housekeeping/options.ts';
import { SITE_ARGUMENT } from '../site-argument.ts';

const JSON_OPTION = ['--json', 'print it as JSON, and nothing else'] as const;

const trim = new Command('trim')
  .summary('let go what was served least recently')
  .description(
    'Delete files that other indexes have too, and that kho keeps, until no more than a size is left: those that were served least recently first. Never what a lock file names (locks in kho.toml). They are brought again when somebody asks for them.',
  )
  .option('--to <size>', 'what may stay, like 20GB or 0MB; max of [cache] in kho.toml when left out')
  .option(...SITE)
  .option(...JSON_OPTION)
  .action(async (options) => {
    const { trimCache } = await import('../cache/run-cache.ts');
    await trimCache(options);
  });

export const cache = new Command('cache')
  .summary('tell what is kept of other indexes, how much and how old; trim')
  .description(
    'Tell what the site keeps of other indexes (its upstreams in kho.toml): from where, how much, since when, and when it was last served. Changes nothing.',
  )
  .argument(...SITE_ARGUMENT)
  .option(...SITE)
  .option('--all', 'list each file too', false)
  .option(...JSON_OPTION)
  .action(async (site, options) => {
    const { showCache } = await import('../cache/run-cache.ts');
    await showCache(site, options);
  })
  .addCommand(trim);
