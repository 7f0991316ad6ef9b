import type { PublishedPage } from './manifest.ts';
import type { Staged } from './stage.ts';

/** Of no page that there is: the next whole build looks at its project, and makes it. */
const TO_BE_MADE: PublishedPage = ['', ''];

/** Whether a page is to be made: what stands in its place, if anything, tells of the project as it was. */
export function isToBeMade([stamp]: PublishedPage): boolean {
  return stamp === TO_BE_MADE[0];
}

/**
 * Leave the pages of a project's JSON API as they are, to be made with the next whole build: no installer reads them, and they are half of
 * what there is to write of a project.
 *
 * @param folder of these pages, from the site's root
 * @param isStale they tell of other files than the project has now
 */
export function leaveJsonApi(
  folder: string,
  publishedBefore: Staged['published'],
  { published }: Staged,
  isStale: boolean,
): void {
  for (const [path, page] of publishedBefore) if (path.startsWith(`${folder}/`)) published.set(path, page);
  if (isStale) published.set(`${folder}/json`, TO_BE_MADE);
}
