import { Command } from '@commander-js/extra-typings';
import { chooseSite, SITE_OPTION } from '../site-argument.ts';

export const refresh = new Command('refresh')
  .summary('ask other indexes for projects now')
  .description(
    'Ask the upstreams of kho.toml for projects now, whatever is kept and however fresh it is: something was published there a moment ago. Each is asked at most once in ten seconds. Your own names are asked of nobody. A site that is served goes by what came with the next request. Exits with 1 if one does not answer.',
  )
  .argument('<projects...>', 'names of projects')
  .option(...SITE_OPTION)
  .option('--json', 'print it as JSON, and nothing else')
  .action(async (projects, options) => {
    const { runRefresh } = await import('../refresh/run-refresh.ts');
    process.exitCode = await runRefresh(projects, { ...options, site: chooseSite(undefined, options.site) });
  });
