/**
 * The command line and all it needs in one file, which runs by itself.
 *
 * - `KHO_VERSION` is the version of package.json; unbundled code finds no such global.
 * - `KHO_WEB` is the style and script of the pages for people, which unbundled code makes of web/.
 * - What the source imports with `import()` is in the file too, and runs only when it is asked for; the biggest of it stands there packed.
 * - `import.meta.url` is the file itself, so a worker thread can be started from it.
 * - What stands on top of it is scripts/launcher/.
 */
import { hash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { bundleWeb } from '../src/pages/bundle-web.ts';
import { packedModules } from './packed-modules.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(await readFile(`${project}package.json`, 'utf8')) as { version: string };

/** Called ten thousand times in a build: what is imported from these becomes variables; else each call would ask an object with getters. */
const CALLED_OFTEN = new Set(['node:buffer', 'node:crypto', 'node:fs', 'node:path', 'node:zlib']);

/**
 * Node's modules are loaded when the code that needs them runs, not all of them when the program starts:
 * that takes 10 ms off a start of 90. What nobody imports from them is not read (esbuild leaves out what is pure): later Nodes warn of some of it.
 */
const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind, importer }) => {
      const isOurs = !importer.includes('/node_modules/'); // others import what has no plain value, too
      const isOften = kind === 'import-statement' && CALLED_OFTEN.has(path) && isOurs;
      return { path, namespace: isOften ? 'builtin-variables' : 'builtin' };
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = ${getBuiltin(path)};`,
    }));
    onLoad({ filter: /.*/, namespace: 'builtin-variables' }, ({ path }) => {
      const exports = Object.entries(Object.getOwnPropertyDescriptors(process.getBuiltinModule(path)));
      const named = exports.filter(([name, { get }]) => !get && /^[a-z]\w*$/i.test(name));
      const variables = named.map(
        ([name]) => `const own_${name} = /* @__PURE__ */ (() => builtin.${name})(); export { own_${name} as ${name} };`,
      );
      return { contents: [`const builtin = ${getBuiltin(path)};`, 'export default builtin;', ...variables].join('\n') };
    });
  },
};

function getBuiltin(path: string): string {
  return `process.getBuiltinModule(${JSON.stringify(path)})`;
}

/** Half of the bundle by size: rendering descriptions, HTTP as a client that knows proxies, forms, HTML of other indexes, `.xz`, buckets. */
const packed = packedModules(
  new Map([
    [/^@fastify\/busboy$/, '@fastify/busboy'],
    [/^undici$/, 'undici'],
    [/^parse5$/, 'parse5'],
    [/^xz-decompress$/, 'xz-decompress'],
    [/^\.\/aws-sdk\.ts$/, `${project}src/object-store/aws-sdk.ts`],
    [/\/readme\/render-description\.ts$/, `${project}src/readme/render-description.ts`],
  ]),
  [lazyBuiltins],
);

/** How the program stands in dist/kho.js; see scripts/launcher/launch.ts. No program holds the two characters that are in none of its texts. */
const PROGRAM_START = '/*\u0001\n';
const PROGRAM_END = '\n\u0001*/';
const COMMENT_END = '\u0001/';

/**
 * What starts it where it is typed as a program: a line of shell that is a comment to JavaScript. With `env node` it would run an uploaded
 * `./node` where PATH has the current folder in it, by a dot or an empty word; src/io/run-program.ts has the same rule for all other programs.
 */
const START = [
  '#!/bin/sh',
  `':' //; set -f; IFS=:; p=; for d in $PATH; do case $d in /*) [ "$d" -ef . ] || p=$p:$d;; esac; done; PATH=\${p:-:/usr/bin:/bin}; PATH=\${PATH#:}; export PATH; exec node "$0" "$@"`,
].join('\n');

/**
 * @param outfile its folder is made when it is not there
 * @param changes what is put in place of parts of it: measurements show with them what a part costs
 */
export async function bundleKho(outfile: string, changes: readonly Plugin[] = []): Promise<void> {
  const program = await bundle({
    entryPoints: [`${project}src/cli/main.ts`],
    plugins: [...changes, packed, lazyBuiltins],
    define: {
      ...defined({ KHO_VERSION: version, KHO_WEB: JSON.stringify(await bundleWeb()) }),
      'import.meta.url': 'KHO_FILE',
    },
    // Spaces only: names and statements stay readable in a stack that a user reports.
    minifyWhitespace: true,
    legalComments: 'eof',
  });
  if (program.includes('\u0001')) throw new Error('the program holds the character that marks its place');
  const words = { PROGRAM_START, PROGRAM_END, COMMENT_END, PROGRAM_HASH: hash('sha256', program).slice(0, 16) };
  const launcher = await bundle({
    entryPoints: [`${project}scripts/launcher/launch.ts`],
    define: defined({ KHO_VERSION: version, ...words }),
  });
  const commented = PROGRAM_START + program.replaceAll('*/', COMMENT_END) + PROGRAM_END;
  await mkdir(dirname(outfile), { recursive: true });
  await writeFile(outfile, `${START}\n${launcher}${commented}\n`);
  await chmod(outfile, 0o755);
}

function defined(words: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(words).map(([name, value]) => [name, JSON.stringify(value)]));
}

/** For Node, in one text of ASCII. */
async function bundle(options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20.19',
    format: 'iife',
    charset: 'ascii',
    logLevel: 'warning',
    ...options,
  });
  // esbuild leaves templates with a tag as they are. None of ours asks for its raw text, but for regular expressions, where it means the same.
  return outputFiles![0]!.text.replace(/[^\x00-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
