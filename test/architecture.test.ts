import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { markdownTable } from './support/markdown.ts';

const ROOT = join(import.meta.dirname, '..');

/** Modules of Node that neither touch the world nor ask it anything. `node:crypto` has random numbers; those are looked for by name. */
const COMPUTING = [
  'node:buffer',
  'node:crypto',
  'node:stream/promises',
  'node:stream/web',
  'node:timers/promises',
  'node:zlib',
];

/** What makes the same files give other bytes. */
const IMPURE =
  /\b(?:process\.|globalThis|Date\.now|new Date\(\)|performance\.|Math\.random|random(?:Bytes|UUID|Int)|fetch\(|console\.|localeCompare|toLocale\w+|Intl\.)/;

interface Layer {
  mayImport: string[];
  node: string;
  libraries: string[];
}

const LAYERS = readLayers();
const FILES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /(?<!\.test|\.d)\.ts$/.test(file))
  .sort();

/** The table in ARCHITECTURE.md#layers. */
function readLayers(): Map<string, Layer> {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const layers = new Map<string, Layer>();
  for (const [name = '', , mayImport = '', node = '', libraries = ''] of markdownTable(text, 'Layers')) {
    const list = (cell: string) =>
      cell
        .split(',')
        .map((word) => word.trim().replaceAll('`', ''))
        .filter(Boolean);
    layers.set(name.replaceAll('`', ''), {
      mayImport: list(mayImport),
      node,
      libraries: list(libraries),
    });
  }
  return layers;
}

/** `standards/name.ts` is in the layer `standards`, `errors.ts` in `errors`. */
function layerOf(file: string): string {
  return file.split('/')[0]!.replace(/\.ts$/, '');
}

/** `highlight.js/lib/core` is in the package `highlight.js`. */
function packageOf(library: string): string {
  return library.split('/', library.startsWith('@') ? 2 : 1).join('/');
}

/** All that a file imports, also types, also with `import()`. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, 'src', file), 'utf8');
  return [...text.matchAll(/(?:\bfrom|\bimport|\bimport\() ?'([^']+)'/g)].map(([, to]) => to!);
}

test('the table of layers names what is in src/, and lower layers import higher rows only', () => {
  expect([...LAYERS.keys()].sort()).toEqual([...new Set(FILES.map(layerOf))].sort());
  const rows = [...LAYERS.keys()];
  for (const [name, { mayImport, node }] of LAYERS) {
    for (const other of mayImport)
      expect(rows.slice(0, rows.indexOf(name)), `${name} imports ${other}`).toContain(other);
    expect(['yes', 'no', 'computing'], `Node in the row of ${name}`).toContain(node);
  }
});

test.each(FILES)('%s imports only what its layer may', (file) => {
  const name = layerOf(file);
  const layer = LAYERS.get(name)!;
  for (const to of importsOf(file)) {
    if (to.startsWith('.')) {
      expect([name, ...layer.mayImport], `imports "${to}"`).toContain(layerOf(posix.join(dirname(file), to)));
    } else if (to.startsWith('node:')) {
      if (layer.node !== 'yes') expect(layer.node === 'computing' ? COMPUTING : [], `imports "${to}"`).toContain(to);
    } else {
      expect(layer.libraries, `imports "${to}"`).toContain(packageOf(to));
    }
  }
});

/** Other files of src/ that a file imports, types too. */
const importedBy = new Map(
  FILES.map((file) => [
    file,
    importsOf(file)
      .filter((to) => to.startsWith('.'))
      .map((to) => posix.join(dirname(file), to)),
  ]),
);

test('a row of the table names no layer that is not used there: what is not needed is not allowed', () => {
  for (const [name, { mayImport }] of LAYERS) {
    const used = new Set(
      FILES.filter((file) => layerOf(file) === name).flatMap((file) => importedBy.get(file)!.map(layerOf)),
    );
    for (const other of mayImport) expect([...used], `${other} in the row of ${name}`).toContain(other);
  }
});

/** A way from a file through what it imports back to itself. */
function circleThrough(file: string): string[] | undefined {
  const from = new Map<string, string>();
  const ahead = [file];
  for (const at of ahead) {
    for (const to of importedBy.get(at) ?? []) {
      if (to === file) return wayTo(at, from);
      if (from.has(to)) continue;
      from.set(to, at);
      ahead.push(to);
    }
  }
  return undefined;
}

function wayTo(file: string | undefined, from: ReadonlyMap<string, string>): string[] {
  return file === undefined ? [] : [...wayTo(from.get(file), from), file];
}

test.each(FILES)('%s is imported by nothing that it imports', (file) => {
  expect(circleThrough(file)).toBeUndefined();
});

test.each(FILES.filter((file) => LAYERS.get(layerOf(file))?.node !== 'yes'))('%s is pure', (file) => {
  const code = readFileSync(join(ROOT, 'src', file), 'utf8').replace(/^\s*(?:\/?\*|\/\/).*$/gm, '');
  expect(IMPURE.exec(code)?.[0]).toBeUndefined();
});

test('libraries in the table of layers are used there', () => {
  for (const [name, { libraries }] of LAYERS) {
    const used = new Set(
      FILES.filter((file) => layerOf(file) === name)
        .flatMap(importsOf)
        .map(packageOf),
    );
    for (const library of libraries) expect([...used], `${library} in ${name}`).toContain(library);
  }
});

/**
 * Who may ask `node:fs`. All else goes through io/, which follows no link that somebody puts in the way (src/io/reach.ts): scans, packages,
 * pages, what kho remembers. Here are those that look at what only the site's owner writes, or at what the user named, or that have
 * an opener of their own.
 */
const MAY_USE_FILES: Record<string, RegExp> = {
  io: /./,
  config: /./, // folders of the site and kho.toml, before there is anything to reach through
  cli: /./, // files that the user named
  needs: /^(?:existsSync|readFileSync)$/, // lock files that the user named
  setup: /./, // a new site's folders
  deploy: /^(?:readdirSync|readFileSync|statSync)$/, // which programs this machine has, who may run them, and how they are set up
  doctor: /./,
  server: /./, // serves what lies inside only: open-inside.ts
  watch: /^(?:watch|FSWatcher|Dirent|existsSync|readdirSync|readFileSync|readlinkSync|statSync)$/, // looks and opens nothing
};

/** In a layer that may not: types, and what works on descriptors. And files that no uploader can put anywhere. */
const ALWAYS = /^(?:Dirent|Stats|closeSync|fstatSync)$/;
const FILES_APART: Record<string, RegExp> = {
  'kho-version.ts': /^readFileSync$/, // package.json, when kho runs from source
  'index/open-target.ts': /./, // the folder named by --out
  'fetch/credentials.ts': /^readFileSync$/, // the user's .netrc
  'fetch/http-agent.ts': /^readFileSync$/, // certificates that the user named
  'fetch/upstream-address.ts': /^readFileSync$/, // the user's pip.conf
};

test.each(FILES)('%s reaches files through io/', (file) => {
  const text = readFileSync(join(ROOT, 'src', file), 'utf8');
  const allowed = MAY_USE_FILES[layerOf(file)] ?? FILES_APART[file] ?? ALWAYS;
  const names = [...text.matchAll(/^import ([^;]*?) from 'node:fs(?:\/promises)?'/gm)].flatMap(([, clause = '']) =>
    clause
      .replace(/[{}]/g, '')
      .split(',')
      .map((name) => name.replace(/^\s*type /, '').trim())
      .filter(Boolean),
  );
  for (const name of names) expect(allowed.test(name) || ALWAYS.test(name), `uses ${name}`).toBe(true);
});

/** What makes, changes or removes something on disk. */
const WRITERS =
  /\b(?:writeFile|appendFile|rename|unlink|mkdir|rmdir|rm|copyFile|cp|symlink|link|chmod|chown|truncate|utimes|createWriteStream|mkdtemp)(?:Sync)?\b/g;

test('only io/ imports what writes; a server may make its socket', () => {
  const found = FILES.filter((file) => layerOf(file) !== 'io').flatMap((file) => {
    const text = readFileSync(join(ROOT, 'src', file), 'utf8');
    const imports = [...text.matchAll(/import \{([^}]*)\} from 'node:fs(?:\/promises)?'/g)];
    return imports.flatMap(([, names]) => [...names!.matchAll(WRITERS)].map(([writer]) => `${file}: ${writer}`));
  });
  expect(found).toEqual(['server/listen.ts: chmod', 'server/listen.ts: rm']);
});

/** What a file needs before it can run: types are gone by then, and what `import()` brings comes later. */
function loadedWith(file: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  if (!file.endsWith('.ts')) return loaded;
  const text = readFileSync(join(ROOT, 'src', file), 'utf8');
  for (const [, names, to = ''] of text.matchAll(/^import (?!type )([^']*?)(?: from )?'([^']+)'/gm)) {
    if (/^\{(?: *type [^,}]+,?)+ *\}$/.test(names!.replace(/\s+/g, ' ').trim())) continue;
    loadedWith(to.startsWith('.') ? posix.join(dirname(file), to) : to, loaded);
  }
  return loaded;
}

test('before it knows which command it is to run, kho loads words for people, and no more', () => {
  const loaded = [...loadedWith('cli/run.ts')];
  const layers = new Set(loaded.filter((file) => file.endsWith('.ts')).map(layerOf));
  expect([...layers].sort()).toEqual(['cli', 'errors', 'kho-version', 'problems', 'standards']);
  expect(loaded.filter((file) => file.startsWith('node:')).sort()).toEqual(['node:fs', 'node:path']);
});

test('only io/run-program.ts starts programs, which it never looks for in the current folder', () => {
  const starts = /['"`](?:node:)?(?:child_process|cluster)['"`]|process\.binding|execve/;
  const found = FILES.filter((file) => starts.test(readFileSync(join(ROOT, 'src', file), 'utf8')));
  expect(found).toEqual(['io/run-program.ts']);
});
