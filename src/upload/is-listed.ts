import { join } from 'node:path';
import { readText } from '../io/open-file.ts';
import type { Target } from '../publish/target.ts';
import type { TakenPlace } from './order.ts';

/** Whether clients find it: its project's page names it. */
export function isListed(target: Target, project: string, place: TakenPlace): boolean {
  return listedNow(target)(project, place);
}

/** As `isListed`, of many files: each page is read once. To be asked at once. */
export function listedNow(target: Target): (project: string, place: TakenPlace) => boolean {
  const pages = new Map<string, string>();
  return (project, { repository, path }) => {
    const filename = path.slice(path.lastIndexOf('/') + 1);
    const file = join(target.folderOf(repository), 'simple', project, 'index.json');
    const page = pages.get(file) ?? textOf(file);
    pages.set(file, page);
    return page.includes(JSON.stringify(filename));
  };
}

/** Empty where there is no page, or none that can be read. */
function textOf(page: string): string {
  try {
    return readText(page);
  } catch {
    return '';
  }
}
