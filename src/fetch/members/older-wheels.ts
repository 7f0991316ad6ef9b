import { join } from 'node:path';
import { namesIn } from '../../io/open-file.ts';
import { FormatError } from '../../problems.ts';
import { compareVersions } from '../../standards/version.ts';
import { parseWheelFilename, type WheelFilename } from '../../standards/wheel-filename.ts';

/** Of each kind, those of the nearest versions. */
const OF_EACH_KIND = 2;

/**
 * Wheels of its project that may have members of a new one: for the same machines, of other versions; and for others, where what no
 * compiler made is the same.
 *
 * @param folders of packages, absolute
 * @returns absolute, the most alike first; none for what is no wheel
 */
export function olderWheels(filename: string, folders: readonly string[]): string[] {
  const wanted = readName(filename);
  if (!wanted) return [];
  const found = [...new Set(folders)].flatMap((folder) =>
    namesIn(folder).flatMap((name) => {
      const wheel = name === filename ? undefined : readName(name);
      return wheel?.name === wanted.name ? [{ wheel, path: join(folder, name) }] : [];
    }),
  );
  const nearest = (isSame: boolean) =>
    found
      .filter(({ wheel }) => (tagsOf(wheel) === tagsOf(wanted)) === isSame)
      .sort((a, b) => byDistance(a.wheel, b.wheel, wanted.version) || (a.path < b.path ? -1 : 1))
      .slice(0, OF_EACH_KIND);
  return [...nearest(true), ...nearest(false)].map(({ path }) => path);
}

function readName(filename: string): WheelFilename | undefined {
  if (!filename.endsWith('.whl')) return undefined;
  try {
    return parseWheelFilename(filename);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}

function tagsOf({ python, abi, platform }: WheelFilename): string {
  return `${python}-${abi}-${platform}`;
}

/** The newest of those that are not newer, then the oldest of those that are. */
function byDistance(a: WheelFilename, b: WheelFilename, version: string): number {
  const [isNewerA, isNewerB] = [a, b].map((wheel) => compareVersions(wheel.version, version) > 0);
  if (isNewerA !== isNewerB) return isNewerA ? 1 : -1;
  return isNewerA ? compareVersions(a.version, b.version) : compareVersions(b.version, a.version);
}
