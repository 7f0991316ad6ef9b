import type { ClientFile } from '../clients/client-view.ts';
import { followLink } from '../clients/follow-link.ts';
import { quoted } from '../standards/quoted.ts';
import { type CheckContext, leadsSomewhere } from './check-context.ts';

/** What a client finds that follows the links of a project's page. @param page its path from the site's root */
export function checkLinks(files: readonly ClientFile[], page: string, context: CheckContext): void {
  for (const file of files) {
    const path = followLink(page, String(file.url), context.config.url);
    if (path === undefined || path.slice(path.lastIndexOf('/') + 1) !== file.filename) {
      context.drifts.add(page, `links ${quoted(file.filename)} to ${quoted(String(file.url))}, where it cannot be`);
    } else if (!leadsSomewhere(path, context)) {
      context.drifts.add(page, `names ${quoted(file.filename)}, which is not there`);
    } else {
      checkHashes(file, path, page, context);
    }
  }
}

function checkHashes(file: ClientFile, path: string, page: string, { audits, drifts }: CheckContext): void {
  const { facts, metadataFileSha256 } = audits.get(path) ?? {};
  if (!facts) return; // not listed by right, or unreadable: both are told elsewhere
  const name = quoted(file.filename);
  if (facts.sha256 !== file.sha256) drifts.add(page, `gives a hash of ${name} that is not the hash of its bytes`);
  if (file.metadataSha256 === undefined) {
    if (metadataFileSha256 !== undefined && metadataFileSha256 === facts.metadataSha256) {
      drifts.add(page, `does not say that ${name} has its metadata beside it`);
    }
  } else if (metadataFileSha256 === undefined) {
    drifts.add(`${path}.metadata`, 'is missing, though pages advertise it');
  } else if (metadataFileSha256 !== facts.metadataSha256) {
    drifts.add(`${path}.metadata`, 'is not the metadata in the package');
  } else if (metadataFileSha256 !== file.metadataSha256) {
    drifts.add(page, `gives a hash of the metadata of ${name} that is not the hash of its bytes`);
  }
}
