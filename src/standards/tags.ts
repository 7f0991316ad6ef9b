/**
 * Compatibility tags of wheels.
 *
 * Source: PyPA "Platform compatibility tags" (PEP 425), section "Compressed tag sets".
 */

/**
 * Spell out the compressed sets of a wheel filename: `py2.py3`, `none`, `any` is `py2-none-any` and `py3-none-any`.
 *
 * @returns the full product in the order written, each tag once, in lower case as installers compare them.
 */
export function expandTags(python: string, abi: string, platform: string): string[] {
  const tags = new Set<string>();
  for (const pythonTag of python.split('.')) {
    for (const abiTag of abi.split('.')) {
      for (const platformTag of platform.split('.')) tags.add(`${pythonTag}-${abiTag}-${platformTag}`.toLowerCase());
    }
  }
  return [...tags];
}
