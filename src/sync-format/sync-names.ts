/** What stands in `REPO/sync/`, and nothing else does. */

export const SYNC_FOLDER = 'sync';

/** Of its names, as part of a regular expression that PCRE and RE2 read too. */
export const SYNC_NAMES = 'head\\.json|[0-9a-f]{64}\\.(?:jsonl(?:\\.br)?|sig)|[0-9a-f]{12}-[0-9a-f]{12}\\.diff\\.br';

const SYNC_NAME = new RegExp(`^(?:${SYNC_NAMES})$`);

/** Whether kho writes a file of that name there. */
export function isSyncName(name: string): boolean {
  return SYNC_NAME.test(name);
}
