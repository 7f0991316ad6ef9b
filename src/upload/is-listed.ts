import { join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { readText } from '../io/open-file.ts';
import { inPlaceTarget } from '../publish/target.ts';
import type { TakenPlace } from './order.ts';

/** Whether clients find it: its project's page names it. */
export function isListed(config: SiteConfig, project: string, { repository, path }: TakenPlace): boolean {
  const filename = path.slice(path.lastIndexOf('/') + 1);
  try {
    const page = readText(join(inPlaceTarget(config).folderOf(repository), 'simple', project, 'index.json'));
    return page.includes(JSON.stringify(filename));
  } catch {
    return false; // there is no page, or none that can be read
  }
}
