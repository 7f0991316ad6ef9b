import type { FileChange } from '../build-report.ts';
import { withOwnersLine } from '../config/foreign-folders.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { type AskedFile, publishAsked } from '../index/publish-asked.ts';
import { loadSettings } from './run-build.ts';

export interface AskedOrder {
  /** The site's root. */
  root: string;
  files: readonly AskedFile[];
  /** See `BuildOrder`. */
  lastGood?: SiteConfig;
}

/** Publish the projects that somebody waits for. @returns undefined where only a whole build can tell @throws {KhoError} */
export async function runAsked(order: AskedOrder): Promise<FileChange[] | undefined> {
  const { config } = await loadSettings(order);
  try {
    return await publishAsked(config, order.files);
  } catch (error) {
    throw withOwnersLine(error, config);
  }
}
