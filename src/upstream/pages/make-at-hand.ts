/** For a command: pages of what is at hand that are missing are made, where nothing serves the site. A site that is served sees to it itself. */
import { Admission } from '../../admission/admission.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import { KnownFacts } from '../files/known-facts.ts';
import { UpstreamRecords } from '../files/upstream-records.ts';
import { mergeOrder } from './merge-order.ts';
import { missingAtHand, repositoriesOf } from './missing-at-hand.ts';
import { runPageOrder } from './page-orders.ts';

/** @returns what is to be told, one line each, no full stop */
export async function makeAtHand(config: SiteConfig, now = Date.now()): Promise<string[]> {
  const { root, upstreams } = config;
  try {
    const missing = await missingAtHand(config, true);
    if (missing.length === 0) return [];
    const admission = await Admission.open(config);
    const facts = new KnownFacts(
      new UpstreamRecords(root),
      () => config,
      () => now,
    );
    for (const at of missing) {
      const upstream = upstreams.get(at.upstream);
      if (upstream === undefined) continue;
      for (const repository of repositoriesOf(config, at)) {
        const about = { root, repository, project: at.project, upstream, admission, nowMs: now };
        const known = facts.ofProject(at, repository, config.repositories);
        await runPageOrder(mergeOrder({ ...about, facts: known, forms: [], atHand: 'keep' }));
      }
    }
    return [];
  } catch (error) {
    if (!(error instanceof KhoError)) throw error;
    return [`cannot list what is kept of other indexes for web servers: ${error.message}`];
  }
}
