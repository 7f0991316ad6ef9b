import type { UpstreamFile } from '../../upstream-model.ts';
import type { ProjectFacts } from '../files/known-facts.ts';

/**
 * Files as a page may list them, by what is known since some of them came: without those that are not what their name or index says, with
 * the hash of metadata that is served and of no other, and with the hash of bytes for which the index names none.
 */
export function withFacts(files: readonly UpstreamFile[], facts: ProjectFacts): UpstreamFile[] {
  return files.flatMap((file) => {
    const { filename, metadataSha256, ...rest } = file;
    const known = facts.arrived.get(filename);
    const arrived = known !== undefined && (file.sha256 ?? known.sha256) === known.sha256 ? known : undefined;
    if (arrived?.isHeld || (facts.wrong.has(filename) && facts.wrong.get(filename) === file.sha256)) return [];
    const promised = facts.withoutMetadata.has(filename) ? undefined : metadataSha256;
    const metadata = arrived?.metadataSha256 ?? promised;
    const sha256 = file.sha256 ?? (arrived?.isHere ? arrived.sha256 : undefined);
    if (sha256 === file.sha256 && metadata === metadataSha256) return [file]; // as nearly all are: another copy of thousands takes room
    return [
      {
        ...{ filename, ...rest },
        ...(sha256 !== undefined && { sha256 }),
        ...(metadata !== undefined && { metadataSha256: metadata }),
      },
    ];
  });
}
