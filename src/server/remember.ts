/** A longer key is not remembered: clients can make up any number of them. In characters. */
const LONGEST_KEY = 512;

/** A pure function that remembers its answers: at most `limit` of them, then it starts anew. */
export function remember<Answer>(limit: number, compute: (key: string) => Answer): (key: string) => Answer {
  const answers = new Map<string, Answer>();
  return (key) => {
    const answer = answers.get(key);
    if (answer !== undefined) return answer;
    const made = compute(key);
    if (key.length > LONGEST_KEY) return made;
    if (answers.size >= limit) answers.clear();
    answers.set(key, made);
    return made;
  };
}
