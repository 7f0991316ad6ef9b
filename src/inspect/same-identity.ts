import { isValidVersion, normalizeVersion, versionKey } from '../standards/version.ts';

/**
 * Whether a name in a package is the project's, compared as PEP 503 does. Old names hold characters that are not allowed
 * any more; setuptools always put a dash for them.
 */
export function isSameName(name: string, project: string): boolean {
  return comparable(name) === project;
}

function comparable(name: string): string {
  return name
    .trim()
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase();
}

/** Whether two spellings are one version by PEP 440. File names of old write `_` for `-` or `+`, and setuptools `-` for what is not allowed. */
export function isSameVersion(a: string, b: string): boolean {
  return versionKey(a) === versionKey(b) || spellings(a).some((one) => spellings(b).some((two) => one === two));
}

function spellings(version: string): string[] {
  const keys = [version, version.replace('_', '+'), version.replaceAll('_', '-')].map(versionKey);
  return [
    ...keys,
    version
      .trim()
      .replace(/[^A-Za-z0-9.]+/g, '-')
      .toLowerCase(),
  ];
}

/** What the index calls the version: the file name's, since installers go by it, unless only the metadata's is valid. */
export function indexVersion(inFilename: string, inMetadata: string): string {
  const best = isValidVersion(inFilename) || !isValidVersion(inMetadata) ? inFilename : inMetadata;
  return normalizeVersion(best);
}
