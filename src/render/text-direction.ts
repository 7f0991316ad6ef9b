/** What Unicode has to turn the direction of text round (UAX #9). */

const EMBEDDINGS = /[\u202a\u202b\u202d\u202e]/;
const ISOLATES = /[\u2066-\u2068]/;
const END_OF_EMBEDDING = '\u202c';
const END_OF_ISOLATE = '\u2069';

/** Text that turns its direction round then does so up to its own end, not for what stands behind it. */
export function endDirections(text: string): string {
  const open: string[] = [];
  let isolates = 0;
  for (const sign of text.match(/[\u202a-\u202e\u2066-\u2069]/g) ?? []) {
    if (EMBEDDINGS.test(sign)) open.push(END_OF_EMBEDDING);
    else if (ISOLATES.test(sign)) {
      open.push(END_OF_ISOLATE);
      isolates++;
    } else if (sign === END_OF_EMBEDDING) {
      if (open.at(-1) === sign) open.pop();
    } else if (isolates > 0) {
      open.length = open.lastIndexOf(END_OF_ISOLATE); // it ends the embeddings in it too
      isolates--;
    }
  }
  return text + open.reverse().join('');
}

/** Names that may say what they are not: signs that are not seen, or turn text round, are shown as what they are. */
export function nameText(name: string): string {
  return name.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu,
    (sign) => `⟨U+${(sign.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  );
}
