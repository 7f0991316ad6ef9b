/** Options in a requirements.txt. */
import { foldName } from '../standards/name.ts';

export interface Option {
  name: string;
  value: string;
}

/** Options that stand alone; all others take a value. */
const FLAGS = new Set(['--pre', '--prefer-binary', '--no-index', '--require-hashes', '--no-require-hashes']);

export function readOptions(text: string): Option[] {
  const words = shellWords(text);
  const options: Option[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    if (equals > 0) options.push({ name: word.slice(0, equals), value: word.slice(equals + 1) });
    else if (/^-[^-]./.test(word)) options.push({ name: word.slice(0, 2), value: word.slice(2).replace(/^=/, '') });
    else if (FLAGS.has(word)) options.push({ name: word, value: '' });
    else options.push({ name: word, value: words[++index] ?? '' });
  }
  return options;
}

function shellWords(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  );
}

/** As pip keeps the two apart: what one takes, the other loses. */
export function changeControl(value: string, target: Set<string>, other: Set<string>): void {
  for (const name of value.split(',').map((part) => part.trim())) {
    if (name === ':none:') target.clear();
    else if (name === ':all:') {
      target.clear();
      other.clear();
      target.add(name);
    } else if (name !== '') {
      const normalized = foldName(name);
      other.delete(normalized);
      target.add(normalized);
    }
  }
}
