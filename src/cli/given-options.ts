import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';

/** What somebody typed, in the order in which the command knows it. */
export function givenOptions(command: CommandUnknownOpts): Option[] {
  return command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
}
