/**
 * `needs` in kho.toml: the kho that a site wants at least. Looked at before anything else in there, since what an older kho does not know
 * are mostly no faults of whoever wrote it.
 */
import { KhoError } from '../errors.ts';
import { quoted } from '../standards/quoted.ts';
import { compareVersions, isValidVersion } from '../standards/version.ts';
import type { TomlTable } from './read-toml.ts';

/** What is wrong with a text as the value of `needs`; undefined when nothing is. */
export function neededVersionFault(text: string): string | undefined {
  return isValidVersion(text) ? undefined : 'must be a version of kho, like "0.3"';
}

/** The version that the site needs, as written, where this kho is older; undefined where it is new enough, or nobody can tell. */
export function unmetNeed(root: TomlTable, version: string): string | undefined {
  const node = root.entries.get('needs')?.node;
  if (node?.type !== 'text' || neededVersionFault(node.text) !== undefined) return undefined;
  return compareVersions(version, node.text) < 0 ? node.text : undefined;
}

export function tooOld(settingsPath: string, needed: string, version: string): KhoError {
  return new KhoError(
    'CONFIG',
    `Cannot use ${quoted(settingsPath)}: it needs kho ${needed} or later, and this is kho ${version}`,
    {
      hint: `install kho ${needed} or later; to go on with this one, take out what it does not know, and the line "needs"`,
    },
  );
}
