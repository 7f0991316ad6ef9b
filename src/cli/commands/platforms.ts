import { Command } from '@commander-js/extra-typings';
import { collect } from '../collect.ts';
import { chooseSite, SITE_ARGUMENT, SITE_OPTION } from '../site-argument.ts';

export const platforms = new Command('platforms')
  .summary('show for which platforms and Pythons there is a wheel of what')
  .description(
    'Show project by project, for the newest versions, which platforms and Pythons each repository has wheels for, and who is behind. Changes nothing.',
  )
  .argument(...SITE_ARGUMENT)
  .option(...SITE_OPTION)
  .option('--project <name>', 'only this project, with all its versions; may be given again', collect)
  .option('--for <platform>', 'only this platform, like musl-x86_64 or armhf; may be given again', collect)
  .option('--python <version>', 'only this Python, like 3.11; may be given again', collect)
  .option('--repository <name>', 'only this repository; may be given again', collect)
  .option('--all', 'all versions, and projects that are for any machine too', false)
  .option('--json', 'print the table as JSON, and nothing else')
  .action(async (site, options) => {
    const { showPlatforms } = await import('../platforms/show-platforms.ts');
    await showPlatforms(chooseSite(site, options.site), options);
  });
