import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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

test('indexInHelp() reads a folded help', () => {
  const help = `  -i, --index-url <url>  Base URL of the index (default\n                         https://index.example/a\n                         bc/simple). This should\n  --extra-index-url`;
  expect(indexInHelp(help)).toBe('https://index.example/abc/simple');
  expect(indexInHelp('usage: pip')).toBeUndefined();
});

test('shownAddress() hides a password', () => {
  expect(shownAddress(new URL('https://me:secret@index.example/simple/'))).toBe('https://index.example/simple/');
});
