import { join } from 'node:path';
import { readText } from '../io/open-file.ts';
import type { Target } from '../publish/target.ts';
import type { TakenPlace } from './order.ts';

/** Whether clients find it: its project's page names it. */
export function isListed(target: Target, project: string, { repository, path }: TakenPlace): boolean {
  const filename = path.slice(path.lastIndexOf('/') + 1);
  try {
    const page = readText(join(target.folderOf(repository), 'simple', project, 'index.json'));
    return page.includes(JSON.stringify(filename));
  } catch {
    return false; // there is no page, or none that can be read
  }
}
