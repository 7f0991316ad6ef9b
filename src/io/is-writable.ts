import { accessSync, constants } from 'node:fs';
import { reachFolder } from './reach.ts';

const answers = new Map<string, { answer: boolean; asked: number }>();

/** Whether this user may make files in a folder. Asked once a second for a folder, not once for each file in it. */
export function isWritable(folder: string): boolean {
  const before = answers.get(folder);
  if (before && Date.now() - before.asked < 1000) return before.answer;
  let answer = true;
  try {
    accessSync(reachFolder(folder), constants.W_OK);
  } catch {
    answer = false;
  }
  answers.set(folder, { answer, asked: Date.now() });
  return answer;
}
