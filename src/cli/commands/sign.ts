import { Command } from '@commander-js/extra-typings';
import { JSON_OPTION } from '../housekeeping/options.ts';
import { SITE_ARGUMENT, SITE_OPTION } from '../site-argument.ts';

export const sign = new Command('sign')
  .summary('sign the heads that wait, and publish them for sites that follow')
  .description(
    'Sign the new heads of repositories with "sign = true", and publish them. The key is one that systemd loaded for this unit, that of --key, or the one that ssh-agent holds; kho has ssh-keygen sign, and never reads a private key.',
  )
  .argument(...SITE_ARGUMENT)
  .option(...SITE_OPTION)
  .option('--key <file>', 'sign with this key; with a public one, by ssh-agent')
  .option('--signature <file>', 'publish with this signature, which ssh-keygen made elsewhere')
  .option(...JSON_OPTION)
  .action(async (site, options) => {
    const { runSign } = await import('../sign/run-sign.ts');
    await runSign(site, options);
  });
