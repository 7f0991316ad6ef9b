/** In characters; what is longer is cut, since a hostile name may be megabytes long. */
const QUOTED_LIMIT = 100;

/** Foreign text for a message: in quotes, on one line, with control characters escaped, and not too long. */
export function quoted(text: string): string {
  const beginning = text.length > QUOTED_LIMIT ? `${text.slice(0, QUOTED_LIMIT)}…` : text;
  return JSON.stringify(beginning).replace(
    /[\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    escapeCharacter,
  );
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
