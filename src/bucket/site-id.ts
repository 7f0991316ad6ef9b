/** Whose a bucket is: an id that a site makes once. A copy of the site has the same, until its file is removed. */
import { randomUUID } from 'node:crypto';
import { isKeptText, keptFields } from '../io/kept-fields.ts';
import { type KeptFile, readKept, replaceKept } from '../io/kept-state.ts';

const SITE_ID: KeptFile<string> = {
  name: 'bucket',
  format: 1,
  whenDamaged: 'stop', // another id would be another site's, and take nothing over
  parse(line) {
    const { site } = keptFields(line);
    return isKeptText(site) ? site : undefined;
  },
  serialize: (site) => JSON.stringify({ site }),
};

/** Undefined for a site that was never pushed. @throws {KhoError} SITE, READ */
export function knownBucketSiteId(root: string): string | undefined {
  return readKept(root, SITE_ID).records[0];
}

/** The lock of pushes must be held. @throws {KhoError} SITE, READ, WRITE */
export function bucketSiteId(root: string): string {
  const known = knownBucketSiteId(root);
  if (known !== undefined) return known;
  const site = randomUUID();
  replaceKept(root, SITE_ID, [site]);
  return site;
}
