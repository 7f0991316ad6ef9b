/** Each part of `Author-email: "Ada, Countess" <ada@example.org>, Bob <bob@example.org>` without its address. By hand: patterns would look at a hostile run of commas or angles again and again. */
export function mailNames(list: string): string[] {
  return splitOutsideAngles(list).map(withoutAngles);
}

/** At commas that no `>` closes: the next angle after one decides. Read from the end, so that it is known. */
function splitOutsideAngles(list: string): string[] {
  const parts: string[] = [];
  let end = list.length;
  let isInside = false;
  for (let at = list.length - 1; at >= 0; at--) {
    const character = list[at];
    if (character === '>') isInside = true;
    else if (character === '<') isInside = false;
    else if (character === ',' && !isInside) {
      parts.push(list.slice(at + 1, end));
      end = at;
    }
  }
  parts.push(list.slice(0, end));
  return parts.reverse();
}

function withoutAngles(part: string): string {
  const start = part.indexOf('<');
  const end = start < 0 ? -1 : part.indexOf('>', start);
  return end < 0 ? part : part.slice(0, start) + part.slice(end + 1);
}
