/**
 * How bad an advisory says that a hole is: in a word where its database gives one, else by its CVSS vector.
 *
 * Source: "Common Vulnerability Scoring System v3.1: Specification Document", section 7 (equations) and table 14 (levels); 3.0 differs in
 * no level by more than rounding. Vectors of version 4 and 2 are shown as they are.
 */

export const LEVELS = ['low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

export interface Severity {
  level?: Level;
  /** As the record has it, where it has no level that could be told. */
  severity?: string;
}

/** Words of GitHub's database, and of others. */
const WORDS: ReadonlyMap<unknown, Level> = new Map<unknown, Level>([
  ['LOW', 'low'],
  ['MODERATE', 'medium'],
  ['MEDIUM', 'medium'],
  ['HIGH', 'high'],
  ['CRITICAL', 'critical'],
]);

/** In characters: a vector of version 4 has some 200 at most. */
const LONGEST_VECTOR = 300;

/** @param places where a record may say it: of the package, then of all of it */
export function severityOf(places: readonly Record<string, unknown>[]): Severity {
  for (const place of places) {
    const word = WORDS.get(upperCase(Object(place['database_specific'])['severity']));
    if (word) return { level: word };
    const { severity } = place;
    const vectors = (Array.isArray(severity) ? severity : []).flatMap((one: unknown) => {
      const score = Object(one)['score'] as unknown;
      return typeof score === 'string' && score.length <= LONGEST_VECTOR && /^[\w.:/-]+$/.test(score) ? [score] : [];
    });
    const levels = vectors.flatMap((vector) => levelOf(vector) ?? []);
    if (levels.length > 0) return { level: LEVELS[Math.max(...levels.map((level) => LEVELS.indexOf(level)))] as Level };
    if (vectors[0] !== undefined) return { severity: vectors[0] };
  }
  return {};
}

function upperCase(value: unknown): unknown {
  return typeof value === 'string' ? value.toUpperCase() : value;
}

/** Of a vector of version 3; undefined for any other text, and where nothing is harmed. */
export function levelOf(vector: string): Level | undefined {
  const score = baseScore(vector);
  if (score === undefined || score === 0) return undefined;
  return score < 4 ? 'low' : score < 7 ? 'medium' : score < 9 ? 'high' : 'critical';
}

const IMPACT = { H: 0.56, L: 0.22, N: 0 } as const;
const WEIGHTS = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: IMPACT,
  I: IMPACT,
  A: IMPACT,
} as const satisfies Record<string, Record<string, number>>;

/** Privileges weigh less where the hole reaches beyond what it is in. */
const PRIVILEGES: Record<string, Record<string, number>> = {
  U: { N: 0.85, L: 0.62, H: 0.27 },
  C: { N: 0.85, L: 0.68, H: 0.5 },
};

/** 0 to 10. */
export function baseScore(vector: string): number | undefined {
  const [head, ...parts] = vector.split('/');
  if (!/^CVSS:3\.[01]$/.test(head ?? '')) return undefined;
  const metrics = new Map(parts.map((part) => part.split(':', 2) as [string, string]));
  const weight = (name: keyof typeof WEIGHTS) => (WEIGHTS[name] as Record<string, number>)[metrics.get(name) ?? ''];
  const scope = metrics.get('S') ?? '';
  const privileges = PRIVILEGES[scope]?.[metrics.get('PR') ?? ''];
  const [reach, complexity, interaction] = [weight('AV'), weight('AC'), weight('UI')];
  const [secrecy, integrity, availability] = [weight('C'), weight('I'), weight('A')];
  if (reach === undefined || complexity === undefined || interaction === undefined || privileges === undefined)
    return undefined;
  if (secrecy === undefined || integrity === undefined || availability === undefined) return undefined;
  const loss = 1 - (1 - secrecy) * (1 - integrity) * (1 - availability);
  const impact = scope === 'C' ? 7.52 * (loss - 0.029) - 3.25 * (loss - 0.02) ** 15 : 6.42 * loss;
  if (impact <= 0) return 0;
  const exploitability = 8.22 * reach * complexity * privileges * interaction;
  const sum = scope === 'C' ? 1.08 * (impact + exploitability) : impact + exploitability;
  return Math.ceil(Math.round(Math.min(sum, 10) * 100_000) / 10_000) / 10;
}
