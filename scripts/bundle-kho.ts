/**
 * The command line and all it needs in one file, which runs by itself.
 *
 * - `KHO_VERSION` is the version of package.json; unbundled code finds no such global.
 * - `KHO_WEB` is the style and script of the pages for people, which unbundled code makes of web/.
 * - What the source imports with `import()` is in the file too, and runs only when it is asked for; the biggest of it stands there packed.
 * - `import.meta.url` is the file itself, so a worker thread can be started from it.
 */
import { chmod, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { bundleWeb } from '../src/pages/bundle-web.ts';
import { packedModules } from './packed-modules.ts';

const project = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(await readFile(`${project}package.json`, 'utf8')) as { version: string };

/** Node itself has these loaded by the time it starts a program; a plain import makes their calls cheapest. */
const LOADED_ANYWAY = new Set(['node:buffer', 'node:fs', 'node:path']);

/**
 * Node's other modules are loaded when the code that needs them runs, not all of them when the program starts:
 * that takes 10 ms off a start of 90.
 */
const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) => {
      if (LOADED_ANYWAY.has(path) && kind === 'import-statement') return { path, external: true };
      return { path, namespace: 'builtin' };
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** Half of the bundle by size: rendering descriptions, HTTP as a client that knows proxies, HTML of other indexes, `.xz`. */
const packed = packedModules(
  new Map([
    [/^undici$/, 'undici'],
    [/^parse5$/, 'parse5'],
    [/^xz-decompress$/, 'xz-decompress'],
    [/\/readme\/render-description\.ts$/, `${project}src/readme/render-description.ts`],
  ]),
  [lazyBuiltins],
);

/** Bundled CommonJS packages call `require` for Node's own modules; an ES module has none of its own. */
const REQUIRE = 'const require = (name) => process.getBuiltinModule(name);';

/** @param changes what is put in place of parts of it: measurements show with them what a part costs */
export async function bundleKho(outfile: string, changes: readonly Plugin[] = []): Promise<void> {
  await build({
    entryPoints: [`${project}src/cli/main.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    // Spaces only: names and statements stay readable in a stack that a user reports.
    minifyWhitespace: true,
    plugins: [...changes, packed, lazyBuiltins],
    define: { KHO_VERSION: JSON.stringify(version), KHO_WEB: JSON.stringify(JSON.stringify(await bundleWeb())) },
    banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
    legalComments: 'eof',
    logLevel: 'warning',
  });
  await chmod(outfile, 0o755);
}
