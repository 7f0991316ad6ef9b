import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findUpstream, indexInHelp, shownAddress } from './upstream-address.ts';

const folder = mkdtempSync(join(tmpdir(), 'kho-pip-'));
const config = join(folder, 'pip.conf');
writeFileSync(
  config,
  '[global]\ntimeout = 5\nindex-url = https://global.example/simple\n[install]\nindex_url: https://install.example/simple/\n[list]\nindex-url=https://list.example/\n',
);
const BARE = { PATH: folder, XDG_CONFIG_DIRS: folder, XDG_CONFIG_HOME: folder, PIP_CONFIG_FILE: '/dev/null' };

test.each([
  [
    'what is given',
    'https://given.example/simple',
    'https://setting.example/',
    { UV_DEFAULT_INDEX: 'https://uv.example/' },
    'https://given.example/simple/',
  ],
  [
    'kho.toml',
    undefined,
    'https://setting.example/',
    { UV_DEFAULT_INDEX: 'https://uv.example/' },
    'https://setting.example/',
  ],
  [
    'uv',
    undefined,
    undefined,
    { UV_DEFAULT_INDEX: 'main=https://uv.example/simple', PIP_INDEX_URL: 'https://pip.example/' },
    'https://uv.example/simple/',
  ],
  [
    'pip',
    undefined,
    undefined,
    { PIP_INDEX_URL: 'https://pip.example/', PIP_CONFIG_FILE: config },
    'https://pip.example/',
  ],
  ["pip's file", undefined, undefined, { PIP_CONFIG_FILE: config }, 'https://install.example/simple/'],
])('findUpstream() asks first: %s', (_what, given, setting, more, expected) => {
  expect(findUpstream(given, setting, { ...BARE, ...more }).url.href).toBe(expected);
});

test('findUpstream() gives up with a hint where nothing names an index', () => {
  expect(() => findUpstream(undefined, undefined, BARE)).toThrow(
    expect.objectContaining({ code: 'UPSTREAM', hint: expect.stringContaining('--from URL') }),
  );
  expect(() => findUpstream('ftp://me:secret@a.example/', undefined, BARE)).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('"ftp://a.example/"') }),
  );
});

/** Files of pip, from the least important on; each names its own place. */
const PIP_FILES = ['xdg1/pip/pip.conf', 'xdg2/pip/pip.conf', '.pip/pip.conf', '.config/pip/pip.conf', 'venv/pip.conf'];

/** A home with these files, and what `findUpstream` finds in it. */
function pipFileFound(paths: readonly string[], environment: (home: string) => NodeJS.ProcessEnv): string | undefined {
  const home = mkdtempSync(join(tmpdir(), 'kho-home-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  for (const path of paths) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), `[download]\nindex-url = https://pip.example/${path}\n`);
  }
  try {
    return findUpstream(undefined, undefined, { PATH: home, HOME: home, ...environment(home) }).url.pathname.slice(
      1,
      -1,
    );
  } catch {
    return undefined;
  }
}

test.each(PIP_FILES.map((path, place) => [path, PIP_FILES.slice(0, place + 1)] as const))(
  'findUpstream() takes of files of pip the most important one: %s',
  (path, paths) => {
    const environment = (home: string) => ({
      XDG_CONFIG_DIRS: `${join(home, 'xdg1')}:${join(home, 'xdg2')}`,
      VIRTUAL_ENV: join(home, 'venv'),
    });
    expect(pipFileFound(paths, environment)).toBe(path);
  },
);

test('findUpstream() looks for the file of pip where XDG_CONFIG_HOME says, and in none below the current folder', () => {
  const files = ['.config/pip/pip.conf', 'xdg/pip/pip.conf'];
  expect(pipFileFound(files, (home) => ({ XDG_CONFIG_HOME: join(home, 'xdg') }))).toBe('xdg/pip/pip.conf');
  const here = (home: string) => relative(process.cwd(), join(home, 'xdg'));
  expect(pipFileFound(['xdg/pip/pip.conf'], (home) => ({ XDG_CONFIG_HOME: here(home) }))).not.toBe('xdg/pip/pip.conf');
});

test('findUpstream() asks no file of pip where PIP_CONFIG_FILE is /dev/null', () => {
  expect(pipFileFound(PIP_FILES, () => ({ PIP_CONFIG_FILE: '/dev/null' }))).toBeUndefined();
});

test('indexInHelp() reads a folded help', () => {
  const help = `  -i, --index-url <url>  Base URL of the index (default\n                         https://index.example/a\n                         bc/simple). This should\n  --extra-index-url`;
  expect(indexInHelp(help)).toBe('https://index.example/abc/simple');
  expect(indexInHelp('usage: pip')).toBeUndefined();
});

test('shownAddress() hides a password', () => {
  expect(shownAddress(new URL('https://me:secret@index.example/simple/'))).toBe('https://index.example/simple/');
});
