/** Which files a corpus consists of, before a byte of them is made. Pure; the same plan for the same shape. */
import { type Random, seededRandom } from './random.ts';

export interface CorpusShape {
  /** Also the seed, so that corpora differ. */
  files: number;
  /** In bytes, over all files. */
  averageSize: number;
  /** METADATA descriptions longer than this many characters are cut there. */
  descriptionLimit: number;
}

export interface PlannedFile {
  filename: string;
  kind: 'wheel' | 'sdist';
  /** As the author would write it: `Amber.Falcon-12`. */
  name: string;
  /** As in a file name: `amber_falcon_12`. */
  stem: string;
  version: string;
  /** `py3-none-any`; empty for sdists. */
  tag: string;
  /** Which of the real METADATA texts it gets, as a number in [0, 1). */
  metadata: number;
  /** Before scaling to the average: log-normal with median 1. */
  weight: number;
  modifiedSeconds: number;
}

const FILES_PER_PROJECT = 5;
/** Every second project has one sdist among its five files: 10 % of all. */
const PROJECTS_PER_SDIST = 2;
/** Spread of the sizes (standard deviation of their natural logarithm): the median is half of the average. */
const SIZE_SPREAD = 1.2;
const FIRST_UPLOAD_SECONDS = Date.UTC(2019, 0, 1) / 1000;
const UPLOAD_SPAN_SECONDS = 5 * 365 * 86_400;

const FIRST = 'amber brisk coral delta ember fable grove hazel ivory jolly karst lunar mango noble ocean pearl'.split(
  ' ',
);
const SECOND = 'anchor badger cedar dragon falcon garden harbor island kernel ladder meadow needle otter parser'.split(
  ' ',
);
const NATIVE_TAGS = [
  'cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64',
  'cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64',
  'cp312-cp312-musllinux_1_2_x86_64',
  'cp312-cp312-macosx_11_0_arm64',
  'cp312-cp312-win_amd64',
];

export function planCorpus(shape: CorpusShape): PlannedFile[] {
  const random = seededRandom(shape.files);
  const planned: PlannedFile[] = [];
  for (let project = 0; planned.length < shape.files; project += 1) {
    const files = planProject(project, random);
    planned.push(...files.slice(0, shape.files - planned.length));
  }
  return planned;
}

function planProject(project: number, random: Random): PlannedFile[] {
  const name = random.pick(FIRST) + random.pick(['-', '_', '.', '-']) + random.pick(SECOND) + `-${project}`;
  const spelled = random.below(10) === 0 ? name.replace(/^./, (letter) => letter.toUpperCase()) : name;
  const stem = name.replace(/[-_.]+/g, '_');
  const metadata = random.next();
  const withSdist = project % PROJECTS_PER_SDIST === 0;
  const native = random.below(5) < 2;
  const major = random.below(4);

  const files: PlannedFile[] = [];
  for (let index = 0; index < FILES_PER_PROJECT; index += 1) {
    // Pure projects have a version a wheel, native ones two versions with a wheel for each platform.
    const isSdist = withSdist && index === FILES_PER_PROJECT - 1;
    const release = native ? Math.floor(index / 3) : index - (isSdist ? 1 : 0);
    const version = `${major}.${release + 1}.${native ? 0 : random.below(12)}`;
    const previous = files.at(-1)?.version;
    const sharedVersion = (native ? index % 3 !== 0 : isSdist) && previous !== undefined ? previous : version;
    const tag = native ? NATIVE_TAGS[index]! : 'py3-none-any';
    files.push({
      filename: isSdist ? `${stem}-${sharedVersion}.tar.gz` : `${stem}-${sharedVersion}-${tag}.whl`,
      kind: isSdist ? 'sdist' : 'wheel',
      name: spelled,
      stem,
      version: sharedVersion,
      tag: isSdist ? '' : tag,
      metadata,
      weight: Math.exp(SIZE_SPREAD * random.normal()),
      modifiedSeconds: FIRST_UPLOAD_SECONDS + random.below(UPLOAD_SPAN_SECONDS),
    });
  }
  return files;
}

/**
 * Sizes in bytes for files with these weights that no file undercuts its floor and all together have the average.
 * With many floors above the average there is no such scale; then the floors stand.
 */
export function scaleSizes(weights: readonly number[], floors: readonly number[], averageSize: number): number[] {
  const at = (scale: number) => weights.map((weight, index) => Math.max(floors[index]!, Math.round(weight * scale)));
  const average = (sizes: number[]) => sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  let low = 0;
  let high = averageSize;
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (average(at(middle)) < averageSize) low = middle;
    else high = middle;
  }
  return at(low);
}
