import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../src/cli/program.ts';
import { keysOf, SCHEMA } from '../src/config/schema.ts';
import { BUCKET_CHECKS, CHECKS, FOLDER_CHECKS } from '../src/doctor/finding.ts';
import { ERROR_CODES } from '../src/errors.ts';
import { PROBLEM_HINTS } from '../src/problems.ts';
import * as README_LIMITS from '../src/readme/limits.ts';
import { html } from '../src/render/html.ts';
import { uploadLines } from '../src/render/web/upload-lines.ts';
import { PASSED_OVER_NAMES } from '../src/standards/passed-over.ts';
import { TEXT_LIMITS } from '../src/standards/text-limits.ts';
import { anchorOf, headingsOf, markdownTable, sectionOf, withoutCodeBlocks } from './support/markdown.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** Headings that are a code and nothing else: `## \`CONFIG\``. */
function codesOf(path: string, level: number): string[] {
  return headingsOf(read(path), level).flatMap((heading) => /^`([^`]+)`$/.exec(heading)?.[1] ?? []);
}

test('docs/errors.md has an entry for each error code, and for no other', () => {
  expect(codesOf('docs/errors.md', 2)).toEqual([...ERROR_CODES]);
});

test('docs/problems.md has an entry for each problem code, and for no other', () => {
  expect(codesOf('docs/problems.md', 2)).toEqual(Object.keys(PROBLEM_HINTS).sort());
});

test('docs/doctor.md has an entry for each check, and for no other', () => {
  expect(codesOf('docs/doctor.md', 2)).toEqual(Object.keys({ ...CHECKS, ...FOLDER_CHECKS, ...BUCKET_CHECKS }));
});

test.each([
  ['Texts', TEXT_LIMITS],
  ['Descriptions', README_LIMITS],
])('docs/limits.md has each limit of %s with its value, and no other', (heading, limits) => {
  const numberOf = (value: string) => {
    const [amount = '', unit = ''] = value.split(' ');
    return Number(amount.replaceAll(',', '')) * ({ KiB: 1024, MiB: 1024 ** 2 }[unit] ?? 1);
  };
  const documented = markdownTable(read('docs/limits.md'), heading).map(([name = '', value = '']) => [
    name.replaceAll('`', ''),
    numberOf(value),
  ]);
  expect(Object.fromEntries(documented)).toEqual({ ...limits });
});

test.each(
  uploadLines(html`https://packages.example.vn/glibc/upload/`).map(({ client, lines }) => [client, lines.text]),
)('docs/uploading.md has the lines of %s as the pages "publish" have them', (_client, lines) => {
  const documented = read('docs/uploading.md');
  for (const line of lines.split('\n')) expect(documented).toContain(line.trim());
});

test('docs/config.md names what is passed over, and nothing else', () => {
  const [, list = ''] = /what was deleted:\n((?:`[^`]+`[,.]?\s+)+)/.exec(read('docs/config.md')) ?? [];
  expect([...list.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual(PASSED_OVER_NAMES);
});

test('docs/config.md has an entry for each key of kho.toml, and for no other', () => {
  expect(codesOf('docs/config.md', 3)).toEqual(keysOf(SCHEMA));
});

/** Of a command that has some below it, those: `token add`; itself where it does something too. */
const DOCUMENTED_COMMANDS = COMMANDS.flatMap((command) => [
  ...(command.commands.length === 0 || command.options.length > 0 ? [[command.name(), command] as const] : []),
  ...command.commands.map((below) => [`${command.name()} ${below.name()}`, below] as const),
]);

test('docs/cli.md has an entry for each command, and for no other', () => {
  expect(codesOf('docs/cli.md', 2)).toEqual(DOCUMENTED_COMMANDS.map(([name]) => `kho ${name}`));
});

test.each(DOCUMENTED_COMMANDS)('docs/cli.md has the usage and all options of kho %s, and no other', (name, command) => {
  const section = sectionOf(read('docs/cli.md'), `\`kho ${name}\``);
  expect(/^```\n(.*)\n```$/m.exec(section)?.[1]).toBe(`kho ${name} ${command.usage()}`);
  const documented = [...section.matchAll(/^- `(-[^`]+)`/gm)].map(([, flags]) => flags);
  const help = command.createHelp();
  expect(documented).toEqual(help.visibleOptions(command as never).map(({ flags }) => flags));
});

/** Links to pages of docs, from the project's root, by the file that has them. */
function linksBySource(): [string, string[]][] {
  const below = (folder: string) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
  const sources = [...readdirSync(ROOT), ...['src', 'test', 'docs', 'scripts', 'bench'].flatMap(below)];
  return sources
    .filter((path) => /\.(?:md|ts|mjs)$/.test(path))
    .sort()
    .map((source): [string, string[]] => [source, linksIn(source)])
    .filter(([, links]) => links.length > 0);
}

function linksIn(source: string): string[] {
  const text = read(source);
  if (!source.endsWith('.md')) {
    return [...text.matchAll(/\b(?:docs\/[\w/-]+|ARCHITECTURE)\.md(?:#[\w-]+)?/g)].map(([link]) => link);
  }
  const links = [...withoutCodeBlocks(text).matchAll(/\]\((?!\w+:)([^)\s]*)\)/g)].map(([, to]) => to!);
  return links.map((to) => (to.startsWith('#') ? source + to : join(dirname(source), to)));
}

test.each(linksBySource())('%s points only to pages and headings that are there', (_source, links) => {
  for (const link of links) {
    const [page = '', anchor] = link.split('#');
    expect(existsSync(join(ROOT, page)), `${page} is there`).toBe(true);
    if (anchor === undefined) continue;
    const anchors = [1, 2, 3, 4].flatMap((level) => headingsOf(read(page), level)).map(anchorOf);
    expect(anchors, `headings of ${page}`).toContain(anchor);
  }
});

test('docs/security.md has a test in each row of its table of threats, and names none that is not there', () => {
  const rows = sectionOf(read('docs/security.md'), 'Threats, and what holds')
    .split('\n')
    .filter((line) => line.startsWith('| **'));
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) {
    const held = row.split(' | ').at(-1) ?? '';
    const paths = [...held.matchAll(/`((?:src|test)\/[^`]+)`/g)].map(([, path = '']) => path);
    if (!held.includes('to come')) expect(paths, row).not.toEqual([]);
    for (const path of paths) expect(existsSync(join(ROOT, path)), path).toBe(true);
  }
});
