import { Command, CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { KhoError } from '../errors.ts';
import { khoVersion } from '../kho-version.ts';
import { quoted } from '../standards/quoted.ts';
import { audit } from './commands/audit.ts';
import { build } from './commands/build.ts';
import { cache } from './commands/cache.ts';
import { check } from './commands/check.ts';
import { config } from './commands/config.ts';
import { doctor } from './commands/doctor.ts';
import { fetchCommand } from './commands/fetch.ts';
import { init } from './commands/init.ts';
import { inspect } from './commands/inspect.ts';
import { list } from './commands/list.ts';
import { log } from './commands/log.ts';
import { mirror } from './commands/mirror.ts';
import { missing } from './commands/missing.ts';
import { move } from './commands/move.ts';
import { names } from './commands/names.ts';
import { pack } from './commands/pack.ts';
import { platforms } from './commands/platforms.ts';
import { prune } from './commands/prune.ts';
import { pull } from './commands/pull.ts';
import { refresh } from './commands/refresh.ts';
import { remove } from './commands/remove.ts';
import { restore } from './commands/restore.ts';
import { retag } from './commands/retag.ts';
import { serve } from './commands/serve.ts';
import { show } from './commands/show.ts';
import { sign } from './commands/sign.ts';
import { status } from './commands/status.ts';
import { token } from './commands/token.ts';
import { unpack } from './commands/unpack.ts';
import { watch } from './commands/watch.ts';
import { why } from './commands/why.ts';
import { unyank, yank } from './commands/yank.ts';
import { HELP_GROUPS } from './help-groups.ts';

/** All commands. Each loads what it runs when it runs: starting up stays quick. */
export const COMMANDS: readonly CommandUnknownOpts[] = [
  build,
  list,
  platforms,
  missing,
  fetchCommand,
  mirror,
  pull,
  pack,
  unpack,
  names,
  audit,
  why,
  refresh,
  cache,
  show,
  inspect,
  check,
  status,
  retag,
  watch,
  serve,
  yank,
  unyank,
  remove,
  restore,
  move,
  prune,
  token,
  log,
  sign,
  config,
  init,
  doctor,
];

export function makeProgram() {
  const program = new Command('kho')
    .description('Turns folders of Python packages into an index that pip, uv, Poetry and PDM install from.')
    .version(khoVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .commandsGroup('Help:')
    .helpCommand('help [command]', 'print what a command does and takes')
    .showSuggestionAfterError()
    .enablePositionalOptions() // a command and those below it may have options of the same names
    .configureOutput({ outputError: () => {} }) // `run` shows errors, all in the same way.
    .exitOverride();
  for (const [group, examples] of HELP_GROUPS) {
    for (const [name, example] of Object.entries(examples)) {
      const command = COMMANDS.find((candidate) => candidate.name() === name);
      if (!command) continue;
      // Commands outlive the program in tests; the text is added once.
      if (!command.helpGroup()) command.addHelpText('after', `\nExample:\n  ${example}`);
      program.addCommand(command.helpGroup(`${group}:`).copyInheritedSettings(program));
      for (const sub of command.commands) sub.copyInheritedSettings(command);
    }
  }
  return program;
}

/**
 * Run one command. What it has to say besides an error is in `process.exitCode`.
 *
 * @param words of the command line, without the program
 * @throws {KhoError} USAGE for words that kho does not understand, and all that commands throw
 */
export async function run(words: readonly string[]): Promise<void> {
  const isVersion = words.length === 1 && words[0] === '-v'; // commander has one letter for it; both are in use
  try {
    await makeProgram().parseAsync(isVersion ? ['--version'] : words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return; // Help or the version was asked for, and printed.
    throw await usageError(error, words);
  }
}

/** commander's message is `error: unknown option '--x'`, and may end with `(Did you mean --y?)` on a line of its own. */
async function usageError({ code, message }: CommanderError, [first, second]: readonly string[]): Promise<KhoError> {
  if (code === 'commander.help') {
    const why =
      first === 'help' ? `Cannot help with ${quoted(second ?? '')}: no such command` : 'Cannot run without a command';
    const meant =
      first === 'help' && second !== undefined
        ? await near(
            second,
            COMMANDS.map((each) => each.name()),
          )
        : undefined;
    return new KhoError('USAGE', why, { hint: meant ? `did you mean ${meant}?` : 'the commands are listed above' });
  }
  const [, what = message, suggested] = /^(?:error: )?(.*?)\.?(?:\n\(Did you mean (.*)\?\))?$/s.exec(message) ?? [];
  const meant = suggested ?? (await meantValue(what));
  return new KhoError('USAGE', `Cannot run this: ${what}`, {
    hint: meant ? `did you mean ${meant}?` : 'kho help shows the commands, kho help COMMAND what one takes',
  });
}

/** The choice that is nearest to a value that is none: commander suggests words of the command line, but not values. */
async function meantValue(what: string): Promise<string | undefined> {
  const [message = '', words] = what.split('. Allowed choices are ');
  const [, given] = /(?:value|argument) '([^']*)' is invalid/.exec(message) ?? [];
  return given === undefined || words === undefined ? undefined : near(given, words.split(', '));
}

async function near(word: string, words: readonly string[]): Promise<string | undefined> {
  const { didYouMean } = await import('../config/did-you-mean.ts'); // needed for errors only
  return /"(.*)"/.exec(didYouMean(word, words))?.[1];
}
