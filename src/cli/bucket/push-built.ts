import type { BucketPreview, BucketReport } from '../../bucket/publish-site.ts';
import type { BucketSettings } from '../../config/bucket-settings.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { ProgressDisplay } from '../progress.ts';
import { terminal } from '../terminal.ts';

const TICK_MS = 500;

export interface PushBuiltOptions {
  address: string;
  settings: BucketSettings;
  adopt: boolean;
  /** Whether somebody wants to hear of it. */
  isTalking: boolean;
}

/** Pushes what a build has published. @throws {KhoError} */
export async function pushBuilt(
  config: SiteConfig,
  { address, settings, adopt, isTalking }: PushBuiltOptions,
): Promise<BucketReport> {
  const { publishSite } = await import('../../bucket/publish-site.ts');
  const progress = new ProgressDisplay(terminal.progressOutput());
  const ticks = isTalking ? setInterval(() => progress.tick(), TICK_MS) : undefined;
  try {
    return await publishSite(config, {
      ...{ address, settings, adopt },
      ...(isTalking && {
        onProgress: ({ objects, objectsTotal }) =>
          progress.update({ stage: 'push', done: objects, total: objectsTotal }),
        onWait: (holder: string) => terminal.say([`kho: waiting for ${holder}`]),
      }),
    });
  } finally {
    clearInterval(ticks);
    progress.clear();
  }
}

/** What that would push. @throws {KhoError} */
export async function previewBuilt(
  config: SiteConfig,
  { address, settings, adopt }: PushBuiltOptions,
): Promise<BucketPreview> {
  const { previewSite } = await import('../../bucket/publish-site.ts');
  return await previewSite(config, { address, settings, adopt });
}
