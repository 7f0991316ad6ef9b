/**
 * What every server of a site does, whether it is kho's own or another with kho's configuration: a list of checks
 * against the site that `makeContractSite` makes.
 *
 *   test.each(serverContract({ without: ['health'] }))('$name', (check) => check.run(server));
 */
import type { Ability, ContractCheck } from './server-contract/check.ts';
import { FILE_CHECKS } from './server-contract/files.ts';
import { HEALTH_CHECKS } from './server-contract/health.ts';
import { NAME_CHECKS } from './server-contract/names.ts';
import { PAGE_CHECKS } from './server-contract/pages.ts';
import { SAFETY_CHECKS } from './server-contract/safety.ts';
import { SYNC_CHECKS } from './server-contract/sync.ts';

export type { Server } from './server-contract/ask.ts';
export { makeContractSite } from './server-contract/site.ts';

/** @param options.without what this server cannot do */
export function serverContract(options: { without?: readonly Ability[] } = {}): ContractCheck[] {
  const checks = [...PAGE_CHECKS, ...NAME_CHECKS, ...FILE_CHECKS, ...SAFETY_CHECKS, ...SYNC_CHECKS, ...HEALTH_CHECKS];
  return checks.filter(({ needs }) => needs === undefined || !options.without?.includes(needs));
}
