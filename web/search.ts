/** Finding projects by what somebody types. Pure: it knows no page. */

/** What a query is compared with. */
export interface Searchable {
  /** Normalized. */
  name: string;
  /** Name, and all other text, as they are compared. */
  foldedName: string;
  /** Without dashes. */
  joinedName: string;
  foldedText: string;
}

export interface Found extends Searchable {
  displayName: string;
  latest: string;
  summary: string;
  keywords: string;
  /** Machines that its latest release has files for, in words. */
  platforms: readonly string[];
  /** Machines that its latest release has wheels for: `musl-x86_64 3.11 3.12`. Undefined: it runs on all. */
  runs: readonly string[] | undefined;
  bytes: number;
  changedMs: number;
  status: string;
}

/** As it stands in the files of search data; 0 for what is absent. */
export type Row = [
  name: string,
  displayName: string | 0,
  latest: string | 0,
  summary: string | 0,
  keywords: string | 0,
  platforms: string[],
  bytes: number,
  changedMs: number,
  status: string | 0,
  /** `glibc-x86_64:3.11,3.12 musl-x86_64:3.11`; 0 where it runs on all machines. */
  runs: string | 0,
];

export function fromRow([
  name,
  displayName,
  latest,
  summary,
  keywords,
  platforms,
  bytes,
  changedMs,
  status,
  runs,
]: Row): Found {
  const text = `${keywords || ''} ${summary || ''}`;
  return {
    ...{ name, platforms, bytes, changedMs, runs: runs === 0 ? undefined : machinesOf(runs) },
    ...{
      displayName: displayName || name,
      latest: latest || '',
      summary: summary || '',
      keywords: keywords || '',
      status: status || '',
    },
    foldedName: name,
    joinedName: name.replaceAll('-', ''),
    foldedText: fold(text),
  };
}

function machinesOf(runs: string): string[] {
  return runs
    .split(' ')
    .filter(Boolean)
    .map((machine) => machine.replace(/[:,]/g, ' '));
}

/** Any case, with or without accents. */
export function fold(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd');
}

/** Words of a query as they are compared; in names `_` and `.` are as good as `-`. */
export function wordsOf(query: string): string[] {
  return fold(query).split(/\s+/).filter(Boolean).slice(0, 8);
}

/** What somebody looks for, the best first: what has all the words, in its name or its text; names nearly like it; what has words nearly like these. */
export function find<T extends Searchable>(projects: readonly T[], query: string): { hits: T[]; isNear: boolean } {
  const scored = score(projects, wordsOf(query));
  const exact = scored.map(({ project }) => project);
  const hasName = scored.some(({ points }) => points >= IN_NAME);
  const nearly = hasName ? [] : nearNames(projects, query);
  if (exact.length === 0) {
    const hits = nearly.length > 0 ? nearly : nearWords(projects, query);
    return { hits, isNear: hits.length > 0 };
  }
  // What is called nearly so is meant more often than what only tells of it; of short words too much is called nearly so.
  const isLong = fold(query).trim().length >= LONG;
  return { hits: isLong ? [...new Set([...nearly, ...exact])] : exact, isNear: false };
}

/** Points for a word that stands in a name, at least. */
const IN_NAME = 150;
/** Letters from which on a slip of the fingers is likelier than a word that happens to differ by one. */
const LONG = 5;

/** The best first. Empty when no project has all words. */
export function search<T extends Searchable>(projects: readonly T[], query: string): T[] {
  return score(projects, wordsOf(query)).map(({ project }) => project);
}

/** Of projects that have all words; the best first. */
function score<T extends Searchable>(
  projects: readonly T[],
  words: readonly string[],
): { project: T; points: number }[] {
  const hits: { project: T; points: number }[] = [];
  for (const project of projects) {
    let sum = 0;
    for (const word of words) {
      const points = scoreOf(project, word);
      sum = points === 0 ? 0 : sum + points;
      if (sum === 0) break;
    }
    if (sum > 0) hits.push({ project, points: sum });
  }
  return hits.sort((a, b) => b.points - a.points || (a.project.name < b.project.name ? -1 : 1));
}

function scoreOf({ foldedName, joinedName, foldedText }: Searchable, word: string): number {
  const name = word.replace(/[-_.]+/g, '-');
  if (foldedName === name) return 1000;
  const place = foldedName.indexOf(name);
  // Of two names that begin alike the shorter one is nearer.
  if (place === 0) return 500 + 100 / foldedName.length;
  if (place > 0) return (foldedName[place - 1] === '-' ? 300 : 200) + 50 / foldedName.length;
  if (joinedName.includes(name.replaceAll('-', ''))) return IN_NAME;
  const inText = foldedText.indexOf(word);
  if (inText < 0) return 0;
  return inText === 0 || /\W/.test(foldedText[inText - 1] as string) ? 100 : 50;
}

/** Names, or parts of names, that differ by a slip or two of the fingers. The nearest first. */
export function nearNames<T extends Searchable>(projects: readonly T[], query: string): T[] {
  const wanted = wordsOf(query)
    .join('-')
    .replace(/[-_.]+/g, '-');
  const most = slipsIn(wanted);
  if (most === 0) return [];
  const letters = lettersIn(wanted);
  const hits: { project: T; slips: number }[] = [];
  for (const project of projects) {
    const { foldedName } = project;
    // Also the beginning of a name: somebody is still typing.
    const candidates = [
      foldedName,
      foldedName.slice(0, wanted.length),
      ...(foldedName.includes('-') ? foldedName.split('-') : []),
    ];
    let slips = most + 1;
    candidates.forEach((candidate, place) => {
      if (Math.abs(candidate.length - wanted.length) <= most && areNear(letters, lettersIn(candidate), most)) {
        slips = Math.min(slips, slipsBetween(candidate, wanted, most) + (place === 0 ? 0 : 0.5));
      }
    });
    if (slips < most + 1) hits.push({ project, slips });
  }
  return hits
    .sort((a, b) => a.slips - b.slips || (a.project.name < b.project.name ? -1 : 1))
    .map(({ project }) => project);
}

/** So many slips are forgiven. */
function slipsIn({ length }: string): number {
  if (length < 4) return 0;
  return length < 8 ? 1 : 2;
}

/** For words that no project has: those instead that are nearest to them, in names, keywords and summaries. */
export function nearWords<T extends Searchable>(projects: readonly T[], query: string): T[] {
  const known = wordsIn(projects);
  const asked = wordsOf(query);
  const words = asked.map((wanted) => {
    const most = slipsIn(wanted);
    // Of a single word it is known that nothing has it.
    if (most === 0 || (asked.length > 1 && projects.some((project) => scoreOf(project, wanted) > 0))) return wanted;
    const letters = lettersIn(wanted);
    let nearest = { word: wanted, slips: most + 1, times: Number.POSITIVE_INFINITY };
    for (const [word, times] of known) {
      if (Math.abs(word.length - wanted.length) > most || !areNear(letters, lettersIn(word), most)) continue;
      const slips = slipsBetween(word, wanted, most);
      if (slips < nearest.slips || (slips === nearest.slips && times > nearest.times)) nearest = { word, slips, times };
    }
    return nearest.word;
  });
  const isSame = words.every((word, place) => word === asked[place]);
  return isSame ? [] : search(projects, words.join(' '));
}

/** What is known of a list that may grow: how often each word is in it, and how many of its projects were looked at. */
const vocabularies = new WeakMap<readonly Searchable[], { words: Map<string, number>; seen: number }>();

/** Every word of names, keywords and summaries, and how often it is there: of thousands of projects it is made once. @param most so many more projects are looked at; all when absent */
export function wordsIn(projects: readonly Searchable[], most = projects.length): ReadonlyMap<string, number> {
  const known = vocabularies.get(projects);
  const vocabulary = known && known.seen <= projects.length ? known : { words: new Map<string, number>(), seen: 0 };
  vocabularies.set(projects, vocabulary);
  const { words } = vocabulary;
  const end = Math.min(projects.length, vocabulary.seen + most);
  for (; vocabulary.seen < end; vocabulary.seen++) {
    const { foldedName, foldedText } = projects[vocabulary.seen] as Searchable;
    for (const word of `${foldedName} ${foldedText}`.split(BETWEEN_WORDS)) words.set(word, (words.get(word) ?? 0) + 1);
  }
  return words;
}

/** All of ASCII that is no letter and no digit, and signs that texts have; to ask Unicode of each letter takes ten times as long. */
const BETWEEN_WORDS = /[\0-/:-@[-`{-\u00bf\u2000-\u206f\u3000-\u303f]+/;

/** A bit for each letter and digit that is in a word; letters that are the same but for 32 share one. */
function lettersIn(word: string): number {
  let letters = 0;
  for (let place = 0; place < word.length; place++) letters |= 1 << (word.charCodeAt(place) & 31);
  return letters;
}

/** False only for words that so few slips cannot turn into one another: each adds a letter at most, and takes one away. */
function areNear(a: number, b: number, most: number): boolean {
  let different = a ^ b;
  let count = 0;
  for (; different !== 0; different &= different - 1) count++;
  return count <= 2 * most;
}

/** Letters wrong, missing, too many, or two swapped. More than `most` comes out as `most + 1`. */
export function slipsBetween(a: string, b: string, most: number): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let slips = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        slips = Math.min(slips, (before[j - 2] as number) + 1);
      row.push(slips);
      least = Math.min(least, slips);
    }
    if (least > most) return most + 1;
    before = last;
    last = row;
  }
  return Math.min(last[b.length] as number, most + 1);
}

/** Whether its latest release has a wheel for a platform and a Python; empty: for any. */
export function runsOn({ runs }: Found, platform: string, python: string): boolean {
  if (runs === undefined || (platform === '' && python === '')) return true;
  return runs.some((machine) => {
    const [of, ...pythons] = machine.split(' ');
    return (platform === '' || of === platform) && (python === '' ? pythons.length > 0 : pythons.includes(python));
  });
}

export type Order = 'name' | 'size' | 'changed';

/** A list of its own, in another order. */
export function inOrder(projects: readonly Found[], order: Order): Found[] {
  const byName = (a: Found, b: Found) => (a.name < b.name ? -1 : 1);
  if (order === 'size') return projects.slice().sort((a, b) => b.bytes - a.bytes || byName(a, b));
  if (order === 'changed') return projects.slice().sort((a, b) => b.changedMs - a.changedMs || byName(a, b));
  return projects.slice().sort(byName);
}
