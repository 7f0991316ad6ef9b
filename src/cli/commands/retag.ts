import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import type { RetagResult } from '../../intake/retag-file.ts';
import { type Problem, problemOf } from '../../problems.ts';
import { problemLines } from '../lines/problem-lines.ts';
import { retagLines } from '../lines/retag-lines.ts';
import { chooseSite, SITE_OPTION } from '../site-argument.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';

export const retag = new Command('retag')
  .summary('give wheels named linux_* the name that tells where they run')
  .description(
    'Write wheels named linux_* (or wrongly) once more, under the truest name there is: musllinux_1_2_x86_64, manylinux_2_31_armv7l. In packages/ of a site the new wheel takes the place of the old one, which is kept in originals/; elsewhere both are there afterwards.',
  )
  .argument('<files...>', 'wheels')
  .option(...SITE_OPTION)
  .option('--out <dir>', 'write the new wheels into this folder, and leave the old ones where they are')
  .option(
    '--musl <version>',
    'the musl that they were built for; when left out, what their names say, else 1.2',
    parseMusl,
  )
  .option('--json', 'print what became of each as JSON, and nothing else')
  .action(async (files, options) => {
    const { retagFile } = await import('../../intake/retag-file.ts');
    const { siteOf } = await import('../site-of.ts');
    const { out, musl } = options;
    const results: RetagResult[] = [];
    const { actForOwner } = await import('../../setup/act-for-owner.ts');
    const problems: Problem[] = [];
    for (const file of files) {
      const path = resolve(file);
      try {
        const config = await siteOf(path, chooseSite(undefined, options.site));
        if (config) actForOwner(config.root);
        results.push(
          await retagFile(path, {
            ...(out !== undefined && { out: resolve(out) }),
            ...(musl !== undefined && { musl }),
            ...(config && { config }),
          }),
        );
      } catch (error) {
        problems.push(problemOf(error, file));
      }
    }
    if (options.json) terminal.stdout(printableJson({ results, problems }));
    else {
      terminal.print(retagLines(results));
      terminal.say(problemLines(problems));
    }
    if (problems.length > 0) process.exitCode = 1;
  });

function parseMusl(text: string): string {
  if (/^1\.\d{1,2}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a version of musl like 1.2: tags have no third number.');
}
