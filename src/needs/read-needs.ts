/** Files that say what is needed, whichever tool wrote them. */
import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { KhoError } from '../errors.ts';
import { FormatError } from '../problems.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { plainToml, tableOf, type Values } from './lock-values.ts';
import { readPdmLock } from './pdm-lock.ts';
import { readPipfileLock } from './pipfile-lock.ts';
import { readPoetryLock } from './poetry-lock.ts';
import { readPylock } from './pylock-file.ts';
import { readRequirementsFile, requirementList } from './requirements-file.ts';
import { readUvLock } from './uv-lock.ts';
import type { NeedsFile } from './wanted.ts';

/** In bytes. */
const FILE_LIMIT = TEXT_LIMITS.needsFileBytes;

/** @throws {KhoError} READ */
export async function readNeedsFile(path: string): Promise<NeedsFile> {
  const name = basename(path);
  try {
    if (name === 'Pipfile.lock') return readPipfileLock(readText(path), name);
    const readLock = lockReader(name);
    if (!readLock) return readRequirementsFile(path, SURROUNDINGS);
    return readLock(await readTomlFile(path), name);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new KhoError('READ', `Cannot use "${path}": ${error.message}`, {
      hint: 'mend the file, or have its tool write it again',
    });
  }
}

/** Requirements from the command line. @throws {KhoError} USAGE */
export function readNeedsList(requirements: readonly string[]): NeedsFile {
  try {
    return requirementList(requirements);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new KhoError('USAGE', `Cannot use this requirement: ${error.message}`, { hint: 'write it like "numpy>=2"' });
  }
}

function lockReader(name: string): ((lock: Values, from: string) => NeedsFile) | undefined {
  if (/^pylock(?:\.[^.]+)?\.toml$/.test(name)) return readPylock;
  if (name === 'poetry.lock') return readPoetryLock;
  if (name === 'uv.lock') return readUvLock;
  return name === 'pdm.lock' ? readPdmLock : undefined;
}

async function readTomlFile(path: string): Promise<Values> {
  const { readToml, TomlFault } = await import('../config/read-toml.ts');
  try {
    return tableOf(plainToml(readToml(readText(path))));
  } catch (error) {
    if (!(error instanceof TomlFault)) throw error;
    const { line, column } = error.position;
    throw new FormatError('bad-metadata', `${error.message} (line ${line}, column ${column})`);
  }
}

const SURROUNDINGS = {
  read: readText,
  resolve(path: string, from: string): string {
    if (/^[a-z]+:\/\//i.test(path)) {
      throw new FormatError('bad-metadata', `It names ${path}: kho reads requirements from files only`);
    }
    const resolved = resolve(dirname(from), path);
    return from.startsWith('/') ? resolved : resolved.replace(`${process.cwd()}/`, '');
  },
  variable: (name: string) => process.env[name],
};

function readText(path: string): string {
  try {
    const bytes = path === '-' ? readFileSync(0) : readFileSync(path);
    if (bytes.length > FILE_LIMIT) throw new FormatError('bad-metadata', 'It is larger than 64 MiB');
    return bytes.toString('utf8');
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new KhoError('READ', `Cannot read "${path}"`, { cause });
  }
}
