/** What stands in incoming/refused/FILE.txt. */
import type { Verdict } from '../catalog/judge-file.ts';
import type { RepositoryConfig } from '../config/site-config.ts';
import type { IncomingFile } from './scan-incoming.ts';

/**
 * @param inTheWay paths from the site's root
 * @param sha256 of the refused file, hexadecimal
 */
export function nameIsTaken(
  file: IncomingFile,
  sha256: string,
  inTheWay: readonly string[],
  repository: RepositoryConfig,
): string {
  const table = /^[\w-]+$/.test(repository.name) ? repository.name : JSON.stringify(repository.name);
  const wayOut = repository.overwrite
    ? 'It cannot replace one of several files: keep one of them, and upload the file again.'
    : `To let uploads replace published files, write into kho.toml, and upload the file again:

    [repositories.${table}]
    overwrite = true`;
  return `${file.name} was not published: other bytes stand under this name already.

in the way: ${inTheWay.join(', ')}
refused:    ${file.stamp.size} bytes, sha256 ${sha256}

Lock files and caches of clients remember the bytes of a published file, and would refuse other ones under its name.
Build the package again with a new version (or, a wheel, with a build number), and upload that.

${wayOut}
`;
}

/** As `nameIsTaken`. */
export function twinIsThere(file: IncomingFile, sha256: string, inTheWay: readonly string[]): string {
  return `${file.name} was not published: the same file of its release is there, with other bytes and its name spelled differently.

in the way: ${inTheWay.join(', ')}
refused:    ${file.stamp.size} bytes, sha256 ${sha256}

Clients take the two names for one: some would install the one, some the other.
Build the package again with a new version (or, a wheel, with a build number), and upload that.
`;
}

/** As `nameIsTaken`. */
export function wasRemoved(file: IncomingFile, sha256: string): string {
  return `${file.name} was not published: a file of this name with other bytes was here, and was removed.

refused:    ${file.stamp.size} bytes, sha256 ${sha256}

Lock files and caches of clients remember the bytes of a published file, and would refuse other ones under its name.
Build the package again with a new version (or, a wheel, with a build number), and upload that.
To bring the removed file back: kho restore ${file.name}
`;
}

export function fitsNowhere(file: IncomingFile, sha256: string, verdicts: ReadonlyMap<string, Verdict>): string {
  const reasons = [...new Set([...verdicts.values()].map(({ what }) => `- ${file.name} ${what}`))];
  const hints = [...new Set([...verdicts.values()].map(({ hint }) => `- ${hint}`))];
  return `${file.name} was not published: no repository of this site takes it.

refused: ${file.stamp.size} bytes, sha256 ${sha256}

${reasons.join('\n')}

What to do, and then upload the file again:

${hints.join('\n')}
`;
}
