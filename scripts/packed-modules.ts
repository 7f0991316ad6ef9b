import { brotliCompressSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';

/**
 * Big parts of the bundle that few runs need: they stand in it as packed text, which Node passes over when it starts, and
 * are unpacked where they are first asked for. Each is a program of its own: nothing in it may be shared with the rest.
 *
 * @param entries how the source imports them, and what file or package that is
 * @param plugins for what they import themselves
 */
export function packedModules(entries: ReadonlyMap<RegExp, string>, plugins: Plugin[]): Plugin {
  return {
    name: 'packed-modules',
    setup({ onResolve, onLoad }) {
      for (const [filter, entry] of entries) {
        // Without its ending, which would say that it is a module of ES: it is unpacked as CommonJS.
        const path = entry.replace(/^.*\/|\.\w+$/g, '');
        onResolve({ filter }, () => ({ path, namespace: 'packed', pluginData: entry }));
      }
      onLoad({ filter: /.*/, namespace: 'packed' }, async ({ path, pluginData }) => {
        const { outputFiles } = await build({
          entryPoints: [pluginData],
          bundle: true,
          write: false,
          platform: 'node',
          target: 'node20.19',
          format: 'cjs',
          minifyWhitespace: true,
          legalComments: 'inline',
          plugins,
        });
        const packed = brotliCompressSync(outputFiles[0]!.contents).toString('base64');
        return { contents: unpacking(packed, path) };
      });
    },
  };
}

/** The module as the bundle sees it: CommonJS, run once. */
function unpacking(packed: string, name: string): string {
  return `
    const { brotliDecompressSync } = process.getBuiltinModule('node:zlib');
    const { compileFunction } = process.getBuiltinModule('node:vm');
    const code = brotliDecompressSync(Buffer.from(${JSON.stringify(packed)}, 'base64')).toString();
    const builtin = (name) => process.getBuiltinModule(name);
    compileFunction(code, ['module', 'exports', 'require'], { filename: ${JSON.stringify(`kho.js/${name}`)} })(module, exports, builtin);
  `;
}
