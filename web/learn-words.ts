import { type Searchable, wordsIn } from './search.ts';

/** So many projects are looked at in one go: some milliseconds. */
const AT_ONCE = 1000;

/** Get ready for words that no project has, a little at a time, before somebody types one. */
export function learnWords(projects: readonly Searchable[], done = 0): void {
  wordsIn(projects, AT_ONCE);
  if (done + AT_ONCE < projects.length) setTimeout(() => learnWords(projects, done + AT_ONCE), 0);
}
