import { loadSite } from '../config/load-config.ts';
import { KhoError } from '../errors.ts';
import type { Pulse } from '../jobs/pulse.ts';
import { type BucketReport, publishSite } from './publish-site.ts';

export interface PushOrder {
  /** The site's root. */
  root: string;
}

/** One push of a watched site, by the settings that stand there now. @throws {KhoError} */
export async function runPush({ root }: PushOrder, pulse?: Pulse): Promise<BucketReport> {
  const { config } = await loadSite(root);
  if (config.publish === undefined) throw new KhoError('CONFIG', 'Cannot push: kho.toml names no bucket any more');
  return await publishSite(config, { address: config.publish, onProgress: () => pulse?.step() });
}
