import { join } from 'node:path';
import { look } from '../io/open-file.ts';
import type { Target } from './target.ts';

/**
 * Whether a repository had an index when the run first asked. Where it had none, no page is there to be compared with, and none
 * names a file that is still being written.
 */
export function indexBefore(target: Target): (repository: string) => boolean {
  const answers = new Map<string, boolean>();
  return (repository) => {
    let answer = answers.get(repository);
    if (answer === undefined) {
      answer = look(join(target.folderOf(repository), 'simple')) !== undefined;
      answers.set(repository, answer);
    }
    return answer;
  };
}
