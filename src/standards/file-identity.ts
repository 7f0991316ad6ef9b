/**
 * Which file of a release a filename stands for, however it is spelled: installers compare names, versions and tags after normalizing
 * them, and take either of two files that are equal then.
 *
 * Source: PyPA "Binary distribution format", section "File name convention" (names, versions, build numbers, tag sets), and
 * "Source distribution format".
 */
import { FormatError } from '../problems.ts';
import { sdistSuffixOf } from './package-suffixes.ts';
import { parseSdistFilename } from './sdist-filename.ts';
import { expandTags } from './tags.ts';
import { versionKey } from './version.ts';
import { parseWheelFilename } from './wheel-filename.ts';

/**
 * Equal for two filenames of one project that stand for one file: `Foo-1.0-py2.py3-none-any.whl` and `foo-1.0.0-py3.py2-none-any.whl`.
 * No text to show to anyone.
 *
 * @param filename of a wheel or an sdist; one that cannot be read as such stands for itself
 * @param version that it is of
 */
export function fileIdentity(filename: string, version: string): string {
  const key = versionKey(version);
  if (!filename.endsWith('.whl')) {
    const suffix = sdistSuffixOf(filename);
    return suffix === undefined ? filename : `${key} ${suffix}`;
  }
  try {
    const { build = '', python, abi, platform } = parseWheelFilename(filename);
    return `${key} ${build.replace(/^0+(?=\d)/, '')} ${expandTags(python, abi, platform).sort().join(' ')}`;
  } catch (error) {
    if (error instanceof FormatError) return filename;
    throw error;
  }
}

/** A file of a project, and which of its release it is. */
export interface NamedFile {
  filename: string;
  /** Normalized. */
  project: string;
  version: string;
}

/** Whether a filename, which may be of any project, stands for the same file as another, and is spelled otherwise. */
export function isTwin(filename: string, of: NamedFile): boolean {
  if (filename === of.filename || filename.endsWith('.whl') !== of.filename.endsWith('.whl')) return false;
  if (filename[0]?.toLowerCase() !== of.filename[0]?.toLowerCase()) return false; // most names are done with here
  const identity = fileIdentity(of.filename, of.version);
  try {
    return filenameReadings(filename).some(
      ({ project, version }) => project === of.project && fileIdentity(filename, version) === identity,
    );
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

/** Project and version as a filename tells them: of old sdists in several ways. @throws {FormatError} `bad-filename` */
export function filenameReadings(filename: string): readonly { project: string; version: string }[] {
  if (!filename.endsWith('.whl')) return parseSdistFilename(filename).candidates;
  const { name, version } = parseWheelFilename(filename);
  return [{ project: name, version }];
}
