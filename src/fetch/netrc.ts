/**
 * `.netrc`: names and passwords by host. What cannot be read in it is passed over.
 *
 * Source: ftp(1) and netrc(5); as Python's module `netrc` reads it, with quotes around words.
 */

/** By host; that of the empty name is for all others. */
export type NetrcEntries = ReadonlyMap<string, { login: string; password: string }>;

const WORD = /"((?:[^"\\]|\\.)*)"|((?:[^\s\\]|\\.)+)/gy;

export function readNetrc(text: string): NetrcEntries {
  const entries = new Map<string, { login: string; password: string }>();
  const words = wordsOf(text);
  let entry: { login: string; password: string } | undefined;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    const isHost = word === 'machine';
    if (isHost || word === 'default') {
      const host = isHost ? (words[++index] ?? '') : '';
      entry = entries.get(host) ?? { login: '', password: '' };
      if (!entries.has(host)) entries.set(host, entry);
    } else if (entry && (word === 'login' || word === 'user')) entry.login = words[++index] ?? '';
    else if (entry && word === 'password') entry.password = words[++index] ?? '';
    else if (word === 'account') index++;
  }
  return entries;
}

/** Without comments, and without macros, which go up to the next empty line. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let isMacro = false;
  for (const line of text.split(/\r?\n/)) {
    const start = line.trimStart();
    if (start.startsWith('macdef')) isMacro = true;
    if (isMacro) isMacro = start !== '';
    else if (!start.startsWith('#')) for (const word of wordsIn(line)) words.push(word);
  }
  return words;
}

function wordsIn(line: string): string[] {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    WORD.lastIndex = at;
    const match = /\s/.test(line[at] as string) ? null : WORD.exec(line);
    if (match) words.push((match[1] ?? match[2] ?? '').replace(/\\(.)/g, '$1'));
    at = match ? WORD.lastIndex : at + 1;
  }
  return words;
}
