import { buildSite } from '../../build-site.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { readManifest } from '../../publish/manifest.ts';
import { terminal } from '../terminal.ts';
import type { HousekeepingOptions } from './options.ts';

/**
 * Publish what was changed, so that clients see it when the command returns. What watches the site may be quicker: then nothing is left to do.
 *
 * @returns whether pages tell it now
 * @throws {KhoError} as `buildSite`
 */
export async function publishAfter(config: SiteConfig, { build, json }: HousekeepingOptions): Promise<boolean> {
  const say = (text: string) => {
    if (!json) terminal.say([`kho: ${text}`]);
  };
  if (!build) {
    say('the next build publishes that');
    return false;
  }
  if (!readManifest(config.root)) {
    say('the next "kho build" publishes that: none has published beside the packages yet');
    return false;
  }
  const { written, removed } = await buildSite(
    config,
    json ? {} : { onWait: (holder) => say(`waiting for ${holder}`) },
  );
  if (config.upstreams.size > 0) {
    const { makeAtHand } = await import('../../upstream/pages/make-at-hand.ts');
    for (const note of await makeAtHand(config)) say(note);
  }
  say(written + removed > 0 ? 'published' : 'published already');
  return true;
}
