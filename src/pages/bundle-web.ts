import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const WEB = fileURLToPath(new URL('../../web/', import.meta.url));

/** Browsers of the last years; what old ones do not understand, pages do without. */
const TARGET = ['chrome109', 'firefox115', 'safari16'];

export interface WebFiles {
  css: string;
  js: string;
  /** What runs before a page is shown. */
  theme: string;
}

/** `web/kho.css`, `web/kho.ts` and `web/theme-first.ts`, each with what it imports, as one small file. Scripts are classic ones: from a disk only such run. */
export async function bundleWeb(): Promise<WebFiles> {
  const make = async (entry: string) => {
    const { outputFiles } = await build({
      entryPoints: [WEB + entry],
      bundle: true,
      write: false,
      minify: true,
      format: 'iife',
      target: TARGET,
      charset: 'utf8',
      logLevel: 'warning',
    });
    return outputFiles[0]?.text ?? '';
  };
  const [css, js, theme] = await Promise.all([make('kho.css'), make('kho.ts'), make('theme-first.ts')]);
  return { css, js, theme };
}
