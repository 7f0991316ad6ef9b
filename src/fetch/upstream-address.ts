/** Where another index is, when nobody says it: whatever this machine's own clients would ask. No address is built in. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { KhoError } from '../errors.ts';
import { runProgram } from '../io/run-program.ts';
import { quoted } from '../standards/quoted.ts';
import { withoutCredentials } from '../standards/without-credentials.ts';

export interface UpstreamAddress {
  /** Ends in a slash. */
  url: URL;
  /** Who says so, in words. */
  by: string;
}

/** @param given on the command line; @param setting in kho.toml. @throws {KhoError} USAGE, UPSTREAM */
export function findUpstream(
  given: string | undefined,
  setting: string | undefined,
  environment = process.env,
): UpstreamAddress {
  const candidates: [by: string, find: () => string | undefined][] = [
    ['--from URL', () => given],
    ['upstream in kho.toml', () => setting],
    ['UV_DEFAULT_INDEX', () => environment['UV_DEFAULT_INDEX']?.replace(/^[\w.-]+=(?=https?:)/, '')],
    ['PIP_INDEX_URL', () => environment['PIP_INDEX_URL']],
    ["pip's configuration", () => indexOfPipFiles(pipFiles(environment))],
    ['pip install --help', () => indexOfPipHelp(environment)],
  ];
  for (const [by, find] of candidates) {
    const found = find();
    if (found) return { url: parseAddress(found, by), by };
  }
  throw new KhoError(
    'UPSTREAM',
    'Cannot tell which index to fetch from: nothing names one, and there is no pip to ask',
    {
      hint: 'name it with --from URL, or as upstream in kho.toml',
    },
  );
}

function parseAddress(text: string, by: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new KhoError(
      'USAGE',
      `Cannot fetch from ${quoted(withoutCredentials(text))} (${by}): it is no address that starts with http:// or https://`,
      {
        hint: 'name an index like https://index.example/simple/',
      },
    );
  }
  url.search = '';
  url.hash = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** For people and logs: without a password. */
export function shownAddress(url: URL): string {
  const copy = new URL(url);
  copy.username = '';
  copy.password = '';
  return copy.href;
}

/** The least important first, as pip reads them; none that lies where one stands, which may be a folder that others upload to. */
function pipFiles(environment: NodeJS.ProcessEnv): string[] {
  const named = environment['PIP_CONFIG_FILE'];
  if (named === '/dev/null') return [];
  const home = environment['HOME'] ?? homedir();
  const configHome = environment['XDG_CONFIG_HOME'] ?? join(home, '.config');
  const virtual = environment['VIRTUAL_ENV'];
  const usual = [
    ...(environment['XDG_CONFIG_DIRS'] ?? '/etc/xdg').split(':').map((folder) => join(folder, 'pip/pip.conf')),
    ...['/etc/pip.conf', join(home, '.pip/pip.conf'), join(configHome, 'pip/pip.conf')],
    ...(virtual === undefined ? [] : [join(virtual, 'pip.conf')]),
  ];
  return [...usual.filter(isAbsolute), ...(named === undefined ? [] : [named])];
}

export function indexOfPipFiles(paths: readonly string[]): string | undefined {
  const values = new Map<string, string>();
  for (const path of paths) {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      continue;
    }
    let section = '';
    for (const line of text.split(/\r?\n/)) {
      section = /^\[([^\]]+)\]/.exec(line)?.[1] ?? section;
      const value = /^index[-_]url\s*[=:]\s*(\S+)/i.exec(line)?.[1];
      if (value !== undefined) values.set(section, value);
    }
  }
  return values.get('download') ?? values.get('install') ?? values.get('global');
}

/** In milliseconds: a Python that starts from a slow disk. */
const PIP_PATIENCE_MS = 20_000;

/** `-I`: modules come from where Python was installed, never from the current folder or a variable. */
const PIPS: readonly (readonly [string, ...string[]])[] = [['pip'], ['pip3'], ['python3', '-I', '-m', 'pip']];

function indexOfPipHelp(environment: NodeJS.ProcessEnv): string | undefined {
  for (const [program, ...words] of PIPS) {
    const run = runProgram(program, [...words, 'install', '--help'], {
      environment: { ...environment, COLUMNS: '500' },
      timeoutMs: PIP_PATIENCE_MS,
    });
    const found = indexInHelp(run?.stdout ?? '');
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The help is folded to the width of a terminal, also inside of the address. */
export function indexInHelp(help: string): string | undefined {
  return /--index-url\s.*?\(default\s+(https?:[^)]*)\)/s.exec(help)?.[1]?.replace(/\s+/g, '');
}
