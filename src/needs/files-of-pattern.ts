import { basename, dirname, join, resolve } from 'node:path';
import { KhoError } from '../errors.ts';
import { listFolder } from '../io/open-file.ts';
import { matchesName } from '../standards/name-pattern.ts';

/**
 * Files that a setting of kho.toml names.
 *
 * @param pattern a path from the site's root, with `*` in its last part
 * @param setting as people know it: `locks in kho.toml`
 * @param loss what would happen without it, after "take it out: "
 * @throws {KhoError} CONFIG for a pattern that nothing has; READ for a folder that cannot be read
 */
export function filesOfPattern(root: string, pattern: string, setting: string, loss: string): string[] {
  const path = resolve(root, pattern);
  const [folder, name] = [dirname(path), basename(path)];
  if (!name.includes('*')) return [path];
  let names: string[];
  try {
    names = listFolder(folder).map(({ name: each }) => each);
  } catch (cause) {
    throw new KhoError('READ', `Cannot look for "${pattern}" of ${setting}`, {
      cause,
      hint: 'mount its disk, or mend the path',
    });
  }
  const found = names.filter((each) => matchesName(name, each)).map((each) => join(folder, each));
  if (found.length > 0) return found;
  throw new KhoError('CONFIG', `Cannot find any file of "${pattern}", which ${setting} names`, {
    hint: `mend the pattern, or take it out: ${loss}`,
  });
}
