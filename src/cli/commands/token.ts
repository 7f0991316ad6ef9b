import { Command, Option } from '@commander-js/extra-typings';
import { parseDays, parseDuration } from '../durations.ts';
import { SITE } from '../housekeeping/options.ts';

const JSON_OPTION = ['--json', 'print it as JSON, and nothing else'] as const;

/** A year: long enough to be forgotten in peace, and not for ever. */
const DEFAULT_DAYS = '365';
const DEFAULT_OVERLAP = '7d';

/** Without `new`, the first upload of each project would be refused, also on a site that is empty yet. */
const DEFAULT_RIGHTS = 'read,upload,new';

const add = new Command('add')
  .summary('make a token for a machine or a job, and show it once')
  .description(
    'Make a token for a machine or a job: what it uploads, and may read where a repository is private. It is shown once, with lines for each client; kho keeps its hash alone. It is in force at once, without a restart.',
  )
  .argument('<name>', 'whose it is, like ci-farm: it stands in the log')
  .option(...SITE)
  .option('--to <repository...>', 'for these repositories alone')
  .option('--projects <pattern...>', 'for projects of these names alone, like "farm-*"')
  .option(
    '--rights <rights>',
    'what it may do, with commas: read,upload,new,yank,remove,replace,report',
    DEFAULT_RIGHTS,
  )
  .addOption(
    new Option('--days <n>', 'how long it holds: so many days, or never to end')
      .argParser(parseDays)
      .default(parseDays(DEFAULT_DAYS), DEFAULT_DAYS),
  )
  .option(...JSON_OPTION)
  .action(async (name, options) => {
    const { addOne } = await import('../tokens/run-token.ts');
    await addOne(name, options);
  });

const list = new Command('list')
  .summary('list who may do what')
  .description(
    'List tokens: whose they are, what they may do, where, until when, and when one was last used to change something.',
  )
  .option(...SITE)
  .option(...JSON_OPTION)
  .action(async (options) => {
    const { listAll } = await import('../tokens/run-token.ts');
    await listAll(options);
  });

const remove = new Command('remove')
  .summary('let a token in no more, from now on')
  .description('Let a token in no more. What runs knows it at once. "kho log --token NAME" lists what it did.')
  .argument('<name>', 'whose it is')
  .option(...SITE)
  .option(...JSON_OPTION)
  .action(async (name, options) => {
    const { removeOne } = await import('../tokens/run-token.ts');
    await removeOne(name, options);
  });

const rotate = new Command('rotate')
  .summary('make a new one with the same rights, and let the old one hold a while')
  .description(
    'Make a new token of the same name, with the same rights, for as long a time as the old one was made for. The old one holds for the overlap yet.',
  )
  .argument('<name>', 'whose it is')
  .option(...SITE)
  .addOption(
    new Option('--overlap <time>', 'how long the old one holds yet, like 7d or 12h; 0 ends it now')
      .argParser(parseDuration)
      .default(parseDuration(DEFAULT_OVERLAP), DEFAULT_OVERLAP),
  )
  .option(...JSON_OPTION)
  .action(async (name, options) => {
    const { rotateOne } = await import('../tokens/run-token.ts');
    await rotateOne(name, options);
  });

export const token = new Command('token')
  .summary('let machines upload and read: add, list, remove, rotate')
  .description('Who may upload, yank and remove over HTTP, and read private repositories.')
  .addCommand(add)
  .addCommand(list)
  .addCommand(remove)
  .addCommand(rotate);
