/** The Nu Html Checker, which the W3C's validator runs on; scripts/prepare/npm-tools.mjs fetches it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';
import { CACHE_DIR } from './tools.ts';

const JAR = join(CACHE_DIR, 'npm', 'vnu-jar', 'node_modules/vnu-jar/build/dist/vnu.jar');

/** It takes files to have no origin, so that `'self'` of a policy is none of them. And text out of packages stands as it stands there,
 * in whatever language. */
const UNTRUE =
  /Resource violates Content Security Policy \(meta tag\): external (?:stylesheet|script)|not in Unicode Normalization Form C/;

/** Errors and warnings in all pages below a folder, one a line: `FILE:LINE: error: …`. */
export async function checkHtml(folder: string, files = htmlFiles(folder)): Promise<string[]> {
  const words = ['-Xss16m', '-jar', JAR, '--format', 'gnu', '--no-langdetect', '--skip-non-html', ...files];
  const { stderr } = await runProgram('java', words, { cwd: folder });
  return stderr.split('\n').filter((line) => line !== '' && !UNTRUE.test(line));
}

export function htmlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.html') && !/(?:^|\/)(?:simple|packages|pypi|\.kho)\//.test(path),
  );
}
