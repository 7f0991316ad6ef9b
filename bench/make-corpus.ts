/**
 * Makes a corpus: a site folder with FILES generated packages. `npx tsx bench/make-corpus.ts FILES [FOLDER]`
 *
 * The same bytes each time, on one version of Node (its zlib decides what deflate gives).
 */
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { makeFile, makeMemberPool, SDIST_OVERHEAD, WHEEL_OVERHEAD } from './corpus-files.ts';
import { type CorpusShape, type PlannedFile, planCorpus, scaleSizes } from './corpus-plan.ts';
import { seededRandom } from './random.ts';
import { BENCH_CACHE, makeFolderOnce, realMetadataTexts } from './tools.ts';

/** From here on the files are small ones, to show how the cost of a file grows with the number of files. */
const SMALL_FILES_FROM = 50_000;
/** Change it when the generator changes what it makes: cached corpora of other generations are not used. */
const GENERATION = 1;

export function corpusShape(files: number): CorpusShape {
  return files < SMALL_FILES_FROM
    ? { files, averageSize: 40_000, descriptionLimit: Number.POSITIVE_INFINITY }
    : { files, averageSize: 4_000, descriptionLimit: 600 };
}

/** The folder of the cached corpus with this many files. A site: the files are in its `packages/`. */
export function cachedCorpus(files: number): string {
  const folder = join(BENCH_CACHE, `corpus-${files}-${GENERATION}`);
  makeFolderOnce(folder, (unfinished) => makeCorpus(files, unfinished));
  return folder;
}

function makeCorpus(files: number, folder: string): void {
  console.error(`Making ${files} files in ${folder}`);
  const shape = corpusShape(files);
  const planned = planCorpus(shape);
  const texts = realMetadataTexts().map((text) => cutDescription(text, shape.descriptionLimit));
  const textOf = (file: PlannedFile) => texts[Math.floor(file.metadata * texts.length)]!;

  const deflatedSizes = new Map(texts.map((text) => [text, deflateRawSync(text).length]));
  const floors = planned.map(
    (file) => deflatedSizes.get(textOf(file))! + (file.kind === 'wheel' ? WHEEL_OVERHEAD : SDIST_OVERHEAD),
  );
  const sizes = scaleSizes(
    planned.map((file) => file.weight),
    floors,
    shape.averageSize,
  );

  const pool = makeMemberPool();
  const packages = join(folder, 'packages');
  mkdirSync(packages);
  for (const [index, file] of planned.entries()) {
    const path = join(packages, file.filename);
    if (existsSync(path)) throw new Error(`The plan has ${file.filename} twice`);
    const metadata = Buffer.from(nameMetadata(textOf(file), file.name, file.version));
    writeFileSync(path, makeFile(file, metadata, sizes[index]!, pool, seededRandom(index + 1)));
    utimesSync(path, file.modifiedSeconds, file.modifiedSeconds);
  }
}

/** A new version of a project that the corpus has: for the run with one file added. */
export function fileToAdd(files: number): { filename: string; bytes: Buffer } {
  const [neighbour] = planCorpus(corpusShape(files));
  const { name, stem } = neighbour!;
  const version = '99.0';
  const filename = `${stem}-${version}-py3-none-any.whl`;
  const file: PlannedFile = { ...neighbour!, filename, kind: 'wheel', tag: 'py3-none-any', version };
  const metadata = Buffer.from(nameMetadata(realMetadataTexts()[0]!, name, version));
  return { filename, bytes: makeFile(file, metadata, 40_000, makeMemberPool(), seededRandom(files)) };
}

function nameMetadata(text: string, name: string, version: string): string {
  return text.replace(/^Name: .*$/m, `Name: ${name}`).replace(/^Version: .*$/m, `Version: ${version}`);
}

function cutDescription(text: string, limit: number): string {
  const end = text.indexOf('\n\n') + 2;
  return text.slice(0, Math.min(text.length, end + limit));
}

if (process.argv[1] === import.meta.filename) {
  const files = Number(process.argv[2]);
  if (!Number.isInteger(files) || files < 1) throw new Error('Give the number of files');
  const folder = process.argv[3];
  if (folder === undefined) console.log(cachedCorpus(files));
  else makeFolderOnce(resolve(folder), (unfinished) => makeCorpus(files, unfinished));
}
