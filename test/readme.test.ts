/** What README.md tells people to type exists, and README.vi.md tells them to type the same. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../src/cli/program.ts';
import { loadSettings } from '../src/config/load-settings.ts';
import { PROBLEM_HINTS } from '../src/problems.ts';
import { heldWords } from '../src/render/web/texts/held-words.ts';
import { vi } from '../src/render/web/texts/vi.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const README = read('README.md');

interface Block {
  language: string;
  text: string;
}

function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

const BLOCKS = blocksOf(README);

/** Words of each line that runs kho, from the command on: `build --quiet /srv/PyPI`. */
const CALLS = BLOCKS.filter(({ language }) => ['sh', 'console', 'crontab'].includes(language))
  .flatMap(({ text }) => text.split('\n'))
  .flatMap((line) => /^(?:\$ |\* .*)?(?:kho|node \S+kho\.js) ([^#]*)/.exec(line)?.[1] ?? [])
  .map((words) => words.trim());

test('the README runs kho often enough for the tests below to mean something', () => {
  const commands = new Set(CALLS.map((call) => call.split(' ')[0]));
  for (const command of COMMANDS) expect([...commands]).toContain(command.name());
});

test.each(CALLS)('kho %s is a command with such options', (call) => {
  const [name = '', ...words] = call.split(/\s+/);
  if (name === '--version') return;
  const command = COMMANDS.find((candidate) => candidate.name() === name);
  const known = command?.options.map(({ long }) => long) ?? [];
  for (const option of words.filter((word) => word.startsWith('--'))) expect(known).toContain(option);
  expect(command, `the command ${name}`).toBeDefined();
});

test('npm knows the scripts that README.md and CONTRIBUTING.md name', () => {
  const named = [README, read('CONTRIBUTING.md')].flatMap((text) =>
    [...text.matchAll(/npm (?:run )?(build|start|test|check|bench|(?<=run )[\w-]+)/g)].map(([, script]) => script),
  );
  expect(named).toEqual(expect.arrayContaining(['start', 'test', 'build', 'check']));
  expect(Object.keys(JSON.parse(read('package.json')).scripts)).toEqual(expect.arrayContaining(named));
});

test.each(['README.md', 'docs/config.md'])('kho.toml as %s shows it has no fault', (page) => {
  const examples = blocksOf(read(page)).filter(({ text }) => text.includes('[repositories.'));
  expect(examples.length).toBeGreaterThan(0);
  for (const { text } of examples) expect(loadSettings(Buffer.from(text)).faults).toEqual([]);
});

test('codes of problems in the README are such codes', () => {
  const codes = BLOCKS.flatMap(({ text }) => [...text.matchAll(/ \[([a-z-]+)\]$/gm)].map(([, code]) => code));
  expect(codes.length).toBeGreaterThan(0);
  for (const code of codes) expect(Object.keys(PROBLEM_HINTS)).toContain(code);
});

test('README.vi.md has the same blocks of code, but for comments, and the same headings by level', () => {
  const vietnamese = read('README.vi.md');
  const bare = (blocks: Block[]) => blocks.map(({ language, text }) => `${language}\n${text.replace(/ +# .*$/gm, '')}`);
  expect(bare(blocksOf(vietnamese))).toEqual(bare(BLOCKS));
  const outline = (text: string) =>
    [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+/gm)].map(([marks]) => marks);
  expect(outline(vietnamese)).toEqual(outline(README));
});

/** Of pictures: where it is, and what it shows for those who do not see it. */
function picturesOf(markdown: string): { path: string; alt: string }[] {
  const images = [...markdown.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(([, alt = '', path = '']) => ({ path, alt }));
  const tags = [...markdown.matchAll(/<img src="([^"]+)"[^>]* alt="([^"]*)"/g)];
  return [...images, ...tags.map(([, path = '', alt = '']) => ({ path, alt }))];
}

/** What is said of one thing, and only of it: the program in code, an index, a repository; how old spellings are avoided. */
test('README.vi.md and the pages have one Vietnamese word for one thing', () => {
  const prose = read('README.vi.md')
    .replace(/^# kho$/m, '')
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/`[^`]*`|\]\([^)]*\)/g, '');
  expect(prose.match(/(?<![\p{L}./-])kho(?! con)(?![\p{L}.-])[^\n]{0,20}/giu) ?? []).toEqual([]);
  const held = Object.entries(PROBLEM_HINTS).flatMap(([code, hint]) =>
    Object.values(heldWords('vi', code, hint) ?? {}),
  );
  const texts = [...Object.values(vi), ...held].join('\n');
  expect(
    texts.match(
      /(?<!chương trình )(?<![\p{L}./-])kho(?! con| build| retag| names| cache)(?![\p{L}._-])[^\n]{0,20}/giu,
    ) ?? [],
  ).toEqual([]);
  for (const text of [prose, texts]) expect(text.match(/xoá|rút lại|web server|kho gói/giu) ?? []).toEqual([]);
});

test('both READMEs show the same pages, each in its language, with words for those who do not see them', () => {
  const english = picturesOf(README);
  const vietnamese = picturesOf(read('README.vi.md'));
  expect(english.length).toBeGreaterThan(3);
  expect(vietnamese.map(({ path }) => path)).toEqual(english.map(({ path }) => path.replace('.en.', '.vi.')));
  for (const { alt } of [...english, ...vietnamese]) expect(alt.length).toBeGreaterThan(40);
  const shown = [...english, ...vietnamese].map(({ path }) => path);
  expect(
    readdirSync(join(ROOT, 'docs/images'))
      .map((name) => `docs/images/${name}`)
      .sort(),
  ).toEqual(shown.sort());
  expect(shown.reduce((sum, path) => sum + statSync(join(ROOT, path)).size, 0)).toBeLessThan(300_000);
});
