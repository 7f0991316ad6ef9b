/** What whoever uploads is told. Clients show the reason phrase, or the body, or both: the first sentence is the one, all is the other. */
import { CHALLENGE } from '../standards/http/challenge.ts';
import type { TakenPlace, UploadOutcome, UploadRefusal } from './order.ts';

export interface UploadAnswer {
  status: number;
  /** Of the status line: one line of ASCII. */
  reason: string;
  body: string;
  headers: readonly string[];
}

/** In characters. */
const LONGEST_REASON = 200;

/**
 * What clients take for "it is there already, go on": Poetry, PDM, twine 6 and gh-action-pypi-publish look for these in whatever comes back.
 * Only one answer of kho may say any of them.
 */
const SKIP = /already exist|updating asset|cannot be updated|already been taken|overwrite artifact/gi;

/** Of these, one by one. */
export const SKIP_WORDS: readonly string[] = SKIP.source.split('|');

const STATUS_OF: Readonly<Record<UploadRefusal['why'], number>> = {
  bad: 400,
  exists: 400,
  forbidden: 403,
  full: 507,
  trouble: 503,
};

/** @param text sentences, the first of which says most */
export function answer(
  status: number,
  text: string,
  more: { maySkip?: true; headers?: readonly string[] } = {},
): UploadAnswer {
  const told = more.maySkip ? text : text.replace(SKIP, (words) => words.replaceAll(' ', '_'));
  return {
    status,
    reason: reasonOf(told),
    body: `${told}\n`,
    headers: [...(more.headers ?? []), ...(status === 401 ? CHALLENGE : [])],
  };
}

/** The first sentence, as a status line may have it. */
function reasonOf(text: string): string {
  const [sentence = ''] = text.split(/(?<=\w{2}|["')\]])[.](?=\s|$)/, 1);
  const plain = sentence
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/g, '?')
    .trim();
  return plain.length <= LONGEST_REASON ? plain : `${plain.slice(0, LONGEST_REASON - 3)}...`;
}

/** @param isListed clients find it by now. @param mayName whether the answer may tell of that repository */
export function answerTo(
  filename: string,
  outcome: UploadOutcome,
  isListed: boolean,
  mayName: (repository: string) => boolean,
): UploadAnswer {
  if (outcome.is === 'refused') {
    return answer(STATUS_OF[outcome.why], outcome.text, outcome.why === 'exists' ? { maySkip: true } : {});
  }
  const { sha256, places, notes } = outcome;
  const where = inRepositories(places.filter(({ repository }) => mayName(repository)));
  const first =
    outcome.is === 'same'
      ? `${filename} was already there${where}, with the same bytes`
      : isListed
        ? `${filename} is published${where}`
        : `${filename} is stored${where}, and will be listed soon`;
  return answer(
    200,
    [first, `sha256 ${sha256}`, ...notes]
      .map((note) => `${note}.\n`)
      .join('')
      .trimEnd(),
  );
}

function inRepositories(places: readonly TakenPlace[]): string {
  const names = [...new Set(places.map(({ repository }) => repository))].filter((name) => name !== '.');
  return names.length > 0 ? ` in ${names.join(', ')}` : '';
}
