import { Command } from '@commander-js/extra-typings';
import type { SiteConfig } from '../../config/site-config.ts';
import { chooseSite, SITE_ARGUMENT, SITE_OPTION } from '../site-argument.ts';
import { terminal } from '../terminal.ts';
import { LOG_OPTION, makeLog, POLL_OPTION, runUntilStopped } from '../watching.ts';

export const watch = new Command('watch')
  .summary('keep a site published: what is dropped into its folders is listed by itself')
  .description(
    'Build a site, then stay and publish whatever is copied into its folders, or removed, as soon as it is whole.',
  )
  .argument(...SITE_ARGUMENT)
  .option(...SITE_OPTION)
  .addOption(POLL_OPTION())
  .addOption(LOG_OPTION())
  .action(async (site, options) => {
    const { openSite } = await import('../open-site.ts');
    const { SiteWatcher } = await import('../../watch/watch-site.ts');
    const { BucketPushes } = await import('../../watch/bucket-pushes.ts');
    const { Lanes } = await import('../../jobs/lanes.ts');
    const { ServiceKeeper } = await import('../../watch/service-keeper.ts');
    const { config, notes } = await openSite(chooseSite(site, options.site), 'writes');
    if (options.log === 'text') terminal.say(notes.map((note) => `kho: ${note}`));
    const tell = await makeLog(options.log);
    const keeper = new ServiceKeeper(config.root, 'watch');
    const poll = options.poll !== undefined && { pollSeconds: options.poll };
    const pushes = new BucketPushes(config.root, { onEvent: tell, onState: (state) => keeper.pushing(state) });
    const inTurn = new Lanes(1);
    const keepAtHand = async (current: SiteConfig) => {
      if (current.upstreams.size === 0) return;
      const { makeAtHand } = await import('../../upstream/pages/make-at-hand.ts');
      for (const message of await makeAtHand(current)) tell({ event: 'error', message });
    };
    const onBuilt = ({ config: current }: { config: SiteConfig }) => void inTurn.run(() => keepAtHand(current));
    const watcher = new SiteWatcher(config.root, pushes.following(keeper.noting({ ...poll, onEvent: tell, onBuilt })));
    process.on('SIGHUP', () => watcher.rescan());
    const close = async () => void (await Promise.all([watcher.close(), pushes.close()]));
    await runUntilStopped({ start: () => watcher.start(), close }, tell, keeper);
  });
