/**
 * Facts that have one home each, and are read from there: what would write one of them a second time, fails here. The other half, that a
 * new line in a table is all it takes, is in the tests beside the tables and in the compiler.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /(?<!\.test|\.d)\.ts$/.test(file));

/** With those of tests and benchmarks: who reads a name there means the same thing by it. */
const ALL_FILES = ['src', 'test', 'bench', 'scripts'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.d)\.ts$/.test(file))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`),
);

/** Without comments, which may name anything. */
const codeOf = (file: string) =>
  readFileSync(join(SRC, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/ .*$/gm, '');

/** What, how it looks in code, and the files where it may stand. */
const HOMES: [fact: string, looks: RegExp, homes: RegExp][] = [
  ['how sdists end', /tar\\?\.(?:gz|bz2|xz)|tar\\\.\(\?:gz/, /^standards\/package-suffixes\.ts$|^cli\/show\//],
  [
    'which side-files there are',
    /\basc: \{|'asc'|'provenance'\]|asc\|provenance|\|asc\b/,
    /^standards\/side-files\.ts$/,
  ],
  [
    'media types of a site',
    /['"`](?:text\/(?:css|javascript)|image\/)|vnd\.pypi\.(?:integrity|simple)\.v1\+/,
    /^standards\/http\/media-types\.ts$|^standards\/side-files\.ts$|^(?:fetch|doctor)\//,
  ],
  ['how long answers are kept', /max-age=\d|['"`]no-(?:cache|store)['"`]/, /^standards\/http\/cache-control\.ts$/],
  // At the edge of a CDN there is none of kho's code: what runs there is written once more, and held to it by a test.
  ['how names are folded', /\[-_\.\]\+\/g/, /^standards\/name\.ts$|^deploy\/edge\/edge-logic\.ts$/],
  ['the project of a file name', /parseSdistFilename\([^)]*\)\.candidates/, /^standards\//],
  ['a fault of a file as data', /code: error\.code/, /^problems\.ts$|^intake\//],
  [
    'what tells a file from another',
    /\.ino\b.*\.dev\b|\.dev\b.*\.ino\b|mtimeMs === .*modifiedMs.*ino/,
    /^io\/|^watch\/folder-watcher/,
  ],
  ['the text of a page stamp', /\$\{[^}]*size\}:\$\{/, /^io\/page-stamp\.ts$|^scan\/file-state\.ts$/],
  ['architectures of Linux', /\bloongarch64\b/, /^standards\/platforms\/architecture(?:s)?\.ts$/],
  ['tags of Windows', /\bwin_a(?:md64|rm64)\b/, /^standards\/platforms\/architectures\.ts$/],
  [
    'where configurations are saved',
    /\/etc\/(?:nginx\/conf\.d|caddy\/Caddyfile|cron\.d|apache2\/sites-available)/,
    /^deploy\/config-forms\.ts$/,
  ],
];

test.each(HOMES)('%s is written in one place', (_fact, looks, homes) => {
  const found = FILES.filter((file) => looks.test(codeOf(file)));
  expect(found.filter((file) => !homes.test(file))).toEqual([]);
  expect(found.filter((file) => homes.test(file)).length).toBeGreaterThan(0); // else the pattern looks for nothing
});

/** Each declaration of a type, an interface or a class on the outermost level, and whether others may import it. */
function typesDeclaredIn(file: string): { name: string; file: string; isExported: boolean }[] {
  const code = readFileSync(join(ROOT, file), 'utf8');
  return [...code.matchAll(/^(export )?(?:declare )?(?:abstract )?(?:type|interface|class) ([A-Z]\w*)/gm)].map(
    ([, exported, name]) => ({ name: name as string, file, isExported: exported !== undefined }),
  );
}

test('a name of an exported type stands for one type', () => {
  const declared = ALL_FILES.flatMap(typesDeclaredIn);
  const exported = new Set(declared.filter(({ isExported }) => isExported).map(({ name }) => name));
  const homes = new Map<string, string[]>();
  for (const { name, file } of declared) if (exported.has(name)) homes.set(name, [...(homes.get(name) ?? []), file]);
  expect([...homes].filter(([, files]) => files.length > 1)).toEqual([]);
  expect(exported.size).toBeGreaterThan(100); // else the pattern finds no types
});
