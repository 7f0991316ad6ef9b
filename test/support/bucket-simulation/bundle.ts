import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Break } from '../../breaks/break.ts';
import { PROJECT_DIR } from '../tools.ts';

type Simulate = typeof import('./simulate.ts').simulate;

/** In one file, which runs several times as fast as what a test runner makes of many. @param broken one place of the code that is simulated is so */
export async function bundleSimulation(broken?: Pick<Break, 'file' | 'find' | 'replace'>): Promise<Simulate> {
  const outfile = join(process.env['KHO_TEST_MEMORY'] ?? tmpdir(), `kho-simulation-${process.pid}-${Date.now()}.mjs`);
  await build({
    entryPoints: [join(PROJECT_DIR, 'test/support/bucket-simulation/simulate.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
    plugins: broken ? [breaking(broken)] : [],
  });
  try {
    return ((await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as { simulate: Simulate }).simulate;
  } finally {
    rmSync(outfile);
  }
}

function breaking({ file, find, replace }: Pick<Break, 'file' | 'find' | 'replace'>) {
  const path = join(PROJECT_DIR, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(find).length !== 2) throw new Error(`"${file}" has ${JSON.stringify(find)} not once`);
  return {
    name: 'kho-break',
    setup: ({ onLoad }: import('esbuild').PluginBuild) => {
      onLoad({ filter: /\.ts$/ }, (asked) =>
        asked.path === path ? { contents: text.replace(find, () => replace), loader: 'ts' } : undefined,
      );
    },
  };
}
