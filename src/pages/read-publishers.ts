import { readStart } from '../io/open-file.ts';
import type { Publisher } from '../render/web/file-page.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';

/** As the index reads such files: larger ones are none. In bytes. */
const LIMIT = TEXT_LIMITS.sideFileBytes;

/** So many are shown, and so many claims of each. */
const MOST = 20;

/** Who published a file, of its `.provenance` (PEP 740). Undefined when that cannot be read: the index has judged it already. */
export function readPublishers(path: string): Publisher[] | undefined {
  try {
    const { attestation_bundles } = JSON.parse(readStart(path, LIMIT).toString('utf8'));
    return attestation_bundles.slice(0, MOST).map(({ publisher }: { publisher: Record<string, unknown> }) => ({
      kind: String(publisher['kind']),
      claims: Object.entries(publisher)
        .filter(([name, value]) => name !== 'kind' && typeof value === 'string')
        .slice(0, MOST),
    }));
  } catch {
    return undefined;
  }
}
