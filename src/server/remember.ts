/** A pure function that remembers its answers: at most `limit` of them, then it starts anew. */
export function remember<Answer>(limit: number, compute: (key: string) => Answer): (key: string) => Answer {
  const known = new Map<string, Answer>();
  return (key) => {
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    const made = compute(key);
    if (known.size >= limit) known.clear();
    known.set(key, made);
    return made;
  };
}
