/** The sites whose pages are opened, in memory: repositories of generated projects, and one of real packages. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeWheel, wheelFilename } from '../../test/support/make-package.ts';
import { KHO } from '../../test/support/tools.ts';
import { type PlannedFile, planCorpus } from '../corpus-plan.ts';
import { type Random, seededRandom } from '../random.ts';
import { realMetadataTexts, realPackages } from '../tools.ts';

/** As many projects as the goals speak of. */
const PROJECTS = { thousand: 1000, twenty: 20_000 } as const;

/** Descriptions are cut there: pages of generated projects are not what is measured. In characters. */
const DESCRIPTION = 600;

/** A project of the repository `real` with 300 files: ten wheels a release. */
export const MANY_FILES = 'many-files';

/** Publish a site with the repositories `thousand`, `twenty` and `real`; its packages are made if they are not there. */
export function makeBrowsedSite(site: string): void {
  if (!existsSync(join(site, 'real'))) {
    for (const [repository, projects] of Object.entries(PROJECTS))
      makeMany(join(site, repository, 'packages'), projects);
    makeReal(join(site, 'real/packages'));
  }
  execFileSync(process.execPath, [KHO, 'build', site, '--quiet'], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function makeReal(packages: string): void {
  mkdirSync(packages, { recursive: true });
  const from = realPackages();
  for (const name of readdirSync(from)) if (name.endsWith('.whl')) cpSync(join(from, name), join(packages, name));
  makeManyFiles(packages);
}

/** One wheel a project: the corpus's names and tags, real METADATA. */
function makeMany(packages: string, projects: number): void {
  mkdirSync(packages, { recursive: true });
  const random = seededRandom(projects);
  const texts = realMetadataTexts();
  const words = texts.flatMap((text) => /^Summary: (.+)$/m.exec(text)?.[1]?.split(/\s+/) ?? []);
  const seen = new Set<string>();
  // Five files a project are planned, and one of them is made.
  for (const file of planCorpus({ files: projects * 5, averageSize: 0, descriptionLimit: DESCRIPTION })) {
    if (seen.has(file.stem) || file.kind !== 'wheel') continue;
    seen.add(file.stem);
    const text = texts[Math.floor(file.metadata * texts.length)]!;
    const path = join(packages, file.filename);
    writeFileSync(path, wheelOf(file, text, words, random));
    utimesSync(path, file.modifiedSeconds, file.modifiedSeconds);
  }
  if (seen.size !== projects) throw new Error(`${seen.size} projects were made, not ${projects}`);
}

/** Summaries are put together anew for each: one that is there a hundred times would cost nothing once it is compressed. */
function wheelOf(
  { name, version, tag }: PlannedFile,
  text: string,
  words: readonly string[],
  random: Random,
): Uint8Array {
  const some = (count: number) => Array.from({ length: count }, () => random.pick(words));
  const [headers = '', ...description] = text.split('\n\n');
  const kept = headers
    .split('\n')
    .filter((line) => /^(?:Classifier|License|Author|Requires-Python|Description-C)/.test(line));
  return makeWheel({
    ...{ name, version, tag },
    metadata: [
      `Summary: ${some(4 + random.below(8)).join(' ')}`,
      `Keywords: ${some(random.below(5)).join(',')}`,
      ...kept,
    ],
    description: description.join('\n\n').slice(0, DESCRIPTION),
  });
}

function makeManyFiles(packages: string): void {
  for (let release = 1; release <= 30; release++) {
    for (let python = 9; python < 14; python++) {
      for (const platform of ['manylinux_2_17_x86_64', 'musllinux_1_2_x86_64']) {
        const wheel = { name: MANY_FILES, version: `1.${release}`, tag: `cp3${python}-cp3${python}-${platform}` };
        writeFileSync(join(packages, wheelFilename(wheel)), makeWheel(wheel));
      }
    }
  }
}
