import { FormatError } from '../problems.ts';
import type { NormalizedName } from './name.ts';
import { WHEEL_SUFFIX } from './package-suffixes.ts';
import { sdistVersionFor } from './sdist-filename.ts';
import { parseWheelFilename } from './wheel-filename.ts';

/**
 * The version of a file of a project, as its name says it; undefined where that does not tell. The metadata inside may say another one.
 *
 * Source: PyPA "Binary distribution format" and "Source distribution format" (PEP 625), section "File name".
 */
export function versionOfFile(filename: string, project: NormalizedName): string | undefined {
  try {
    return filename.endsWith(WHEEL_SUFFIX) ? parseWheelFilename(filename).version : sdistVersionFor(filename, project);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
