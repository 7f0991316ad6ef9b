import { Command } from '@commander-js/extra-typings';
import { SITE } from '../housekeeping/options.ts';

const JSON_OPTION = ['--json', 'print it as JSON, and nothing else'] as const;
const NAMES_ARGUMENT = ['<name...>', 'projects'] as const;

const own = new Command('own')
  .summary('never ask another index for these')
  .description(
    'These are your own: no other index is ever asked for them, not even to find out whether it has them. For names that nobody has used yet, write patterns into kho.toml: own = ["farm-*"].',
  )
  .argument(...NAMES_ARGUMENT)
  .option(...SITE)
  .action(async (names, options) => {
    const { decide } = await import('../names/run-names.ts');
    await decide(names, 'own', options);
  });

const shared = new Command('shared')
  .summary('take these from here first, and from another index too')
  .description(
    'These are public projects of which you build files yourself, as for musl or ARM: yours come first, and what another index has may be brought beside them.',
  )
  .argument(...NAMES_ARGUMENT)
  .option(...SITE)
  .action(async (names, options) => {
    const { decide } = await import('../names/run-names.ts');
    await decide(names, 'shared', options);
  });

const forget = new Command('forget')
  .summary('take back what was decided or remembered of these')
  .description(
    'Take back what was decided of these names, and that the site had files of them once. Files that are there go on to count: such a name stays your own.',
  )
  .argument(...NAMES_ARGUMENT)
  .option(...SITE)
  .action(async (names, options) => {
    const { decide } = await import('../names/run-names.ts');
    await decide(names, 'forgotten', options);
  });

export const names = new Command('names')
  .summary('tell your own names from public ones: list, own, shared, forget')
  .description(
    'List whose each name is. Names that are your own are never asked of another index; a name counts as your own as long as nobody has decided, if the site ever had a file of it that kho did not fetch.',
  )
  .option(...SITE)
  .option('--ask-upstream', 'ask another index which of the undecided it has: this tells it these names', false)
  .option('--from <url>', 'the index; else what kho.toml, uv or pip on this machine are told to ask')
  .option(...JSON_OPTION)
  .action(async (options) => {
    const { showNames } = await import('../names/run-names.ts');
    await showNames(options);
  })
  .addCommand(own)
  .addCommand(shared)
  .addCommand(forget);
