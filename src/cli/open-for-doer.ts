import type { SiteConfig } from '../config/site-config.ts';
import type { Doer } from '../housekeeping/housekeeping.ts';
import { openSite } from './open-site.ts';
import { chooseSite } from './site-argument.ts';
import { terminal } from './terminal.ts';
import { whoActs } from './who-acts.ts';

/**
 * How commands that change a site come to it, and what stands of them in its record. Who acts is asked before kho becomes the owner of
 * the site.
 *
 * @throws {KhoError} as `openSite`
 */
export async function openForDoer(
  { site, json }: { site?: string | undefined; json?: true | undefined },
  access: 'reads' | 'writes',
): Promise<{ config: SiteConfig; doer: Doer }> {
  const who = whoActs();
  const { config, notes } = await openSite(chooseSite(undefined, site), access);
  if (!json) terminal.say(notes.map((note) => `kho: ${note}`));
  const onWait = (holder: string) => terminal.say([`kho: waiting for ${holder}`]);
  return { config, doer: { who, now: Date.now(), ...(!json && { onWait }) } };
}
