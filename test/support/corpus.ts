/** Real files from PyPI, pinned by hash in lists of test/e2e, downloaded once into the cache. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE_DIR, PROJECT_DIR, venvProgram } from './tools.ts';

export interface CorpusFile {
  /** As the index knows it. */
  project: string;
  filename: string;
  sha256: string;
  /** In the cache; do not change it, copy it. */
  path: string;
}

const FOLDER = join(CACHE_DIR, 'corpus');
const DOWNLOAD_LIMIT_MS = 280_000;

/** Files of every kind; wheels with programs and libraries for Linux. */
export type CorpusList = 'corpus.txt' | 'binary-corpus.txt';

/**
 * The corpus, or the named files of it, downloaded if need be.
 *
 * @throws {Error} naming what could not be had, or is not in the list.
 */
export async function corpus(filenames?: readonly string[], list: CorpusList = 'corpus.txt'): Promise<CorpusFile[]> {
  const all = await readList(list);
  const wanted = filenames === undefined ? all : filenames.map((name) => find(all, name));
  const absent: CorpusFile[] = [];
  for (const file of wanted) {
    if (!(await isWhole(file))) absent.push(file);
  }
  if (absent.length > 0) await download(absent);
  return wanted;
}

/** Copy files of the corpus into a folder, which is made if need be. */
export async function copyTo(folder: string, files: readonly CorpusFile[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { filename, path } of files) await copyFile(path, join(folder, filename));
}

async function readList(list: CorpusList): Promise<CorpusFile[]> {
  const text = await readFile(join(PROJECT_DIR, 'test', 'e2e', list), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [project = '', filename = '', sha256 = ''] = line.split(' ');
      return { project, filename, sha256, path: join(FOLDER, filename) };
    });
}

function find(all: readonly CorpusFile[], filename: string): CorpusFile {
  const file = all.find((each) => each.filename === filename);
  if (file === undefined) throw new Error(`${filename} is not in test/e2e/corpus.txt`);
  return file;
}

async function isWhole({ path, sha256 }: CorpusFile): Promise<boolean> {
  try {
    return (
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex') === sha256
    );
  } catch {
    return false;
  }
}

/** Set-up, so with the machine's own environment: it says where PyPI is reached. */
function download(files: readonly CorpusFile[]): Promise<void> {
  const script = join(PROJECT_DIR, 'test', 'support', 'download-files.py');
  const child = spawn(venvProgram('oracle', 'python'), [script, FOLDER], { timeout: DOWNLOAD_LIMIT_MS });
  child.stdin.end(files.map(({ project, filename, sha256 }) => `${project} ${filename} ${sha256}\n`).join(''));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(new Error(`Cannot download the corpus:\n${output || 'it took too long; the next run goes on with it'}`));
    });
  });
}
