/** A longer key is not remembered: clients can make up any number of them. In characters. */
const LONGEST_KEY = 512;

/** A pure function that remembers its answers: at most `limit` of them, then it starts anew. */
export function remember<Answer>(limit: number, compute: (key: string) => Answer): (key: string) => Answer {
  const known = new Map<string, Answer>();
  return (key) => {
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    const made = compute(key);
    if (key.length > LONGEST_KEY) return made;
    if (known.size >= limit) known.clear();
    known.set(key, made);
    return made;
  };
}
