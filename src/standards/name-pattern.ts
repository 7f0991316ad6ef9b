/**
 * Whether a name is as a pattern says: `*` stands for any characters. Goes back to the last `*` only, so the time grows with both lengths
 * multiplied at most.
 *
 * @param anyOne stands for any one character, where a pattern knows such a sign
 */
export function matchesName(pattern: string, name: string, anyOne?: '?'): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let place = 0;
  while (at < name.length) {
    if (pattern[place] === '*') {
      star = place++;
      resume = at;
    } else if (place < pattern.length && (pattern[place] === anyOne || pattern[place] === name[at])) {
      place++;
      at++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[place] === '*') place++;
  return place === pattern.length;
}
