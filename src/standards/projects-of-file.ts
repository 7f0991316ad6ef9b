/**
 * To which project a file belongs, as far as its name tells.
 *
 * Source: PyPA "Binary distribution format" and "Source distribution format" (PEP 625), section "File name".
 */
import type { NormalizedName } from './name.ts';
import { WHEEL_SUFFIX } from './package-suffixes.ts';
import { parseSdistFilename } from './sdist-filename.ts';
import { parseWheelFilename, presumedWheelFilename } from './wheel-filename.ts';

/**
 * The likely one first, never empty. Names of old sdists can be read in several ways: which one is right, their metadata decides.
 *
 * @throws {FormatError} `bad-filename`
 */
export function projectsOfFile(filename: string): [NormalizedName, ...NormalizedName[]] {
  if (filename.endsWith(WHEEL_SUFFIX)) return [parseWheelFilename(filename).name];
  const projects = new Set(parseSdistFilename(filename).candidates.map(({ project }) => project));
  return [...projects] as [NormalizedName, ...NormalizedName[]];
}

/**
 * The likely one of a file that is held, perhaps because of its name: see `presumedWheelFilename`.
 *
 * @throws {FormatError} `bad-filename`
 */
export function presumedProjectOfFile(filename: string): NormalizedName {
  return filename.endsWith(WHEEL_SUFFIX) ? presumedWheelFilename(filename).name : projectsOfFile(filename)[0];
}
