/** Finds the index behind an address, and reads what it lists, also where no kho wrote it. */
import { type NormalizedName, normalizeName } from '../standards/name.ts';
import { BUCKET_DENIES, bucketServer, NO_INDEX_DOCUMENTS } from './bucket-hints.ts';
import { Fault } from './finding.ts';
import { hintFor, serverName } from './hints.ts';
import { linksIn } from './links-in.ts';
import { hintForStatus } from './network-hints.ts';
import { ACCEPT_OLD_PIP, ACCEPT_PIP, mediaType, type Visit, type Visitor } from './visitor.ts';

export interface FoundIndex {
  /** Ends in a slash. */
  url: URL;
  visit: Visit;
  /** Sorted, each once; none where it is an index, and empty. */
  names: NormalizedName[];
}

/** @throws {Fault} when there is none at the address, nor at simple/ below it */
export async function findIndex(address: URL, visitor: Visitor): Promise<FoundIndex> {
  const asked = withSlash(address);
  const candidates = asked.pathname.endsWith('/simple/') ? [asked] : [new URL('simple/', asked), asked];
  const reasons: string[] = [];
  let hint: string | undefined;
  let denied = false;
  for (const url of candidates) {
    for (const accept of [ACCEPT_PIP, ACCEPT_OLD_PIP]) {
      const visit = await visitor.follow(url, { Accept: accept });
      const { status } = visit.answer;
      const names = status === 200 ? namesIn(visit) : [];
      if (names.length > 0 || (status === 200 && isEmptyIndex(visit)))
        return { url: withSlash(visit.url), visit, names };
      const isInBucket = bucketServer(visit.answer.headers) !== undefined;
      if (isInBucket && status === 403) denied = true;
      hint ??= isInBucket ? undefined : hintForStatus(status);
      const type = mediaType(visit.answer);
      const isUntyped = type.endsWith('/octet-stream');
      if (status === 200 && isUntyped) hint = hintFor('html', serverName(visit.answer.headers));
      const what =
        status === 200 ? (isUntyped ? `is sent as "${type}"` : 'lists no projects') : `is answered with ${status}`;
      reasons.push(`${visit.url.href} ${what}`);
    }
    if (reasons.length > 0 && hint === undefined && (await isInBareBucket(url, visitor))) {
      reasons.push(`${url.href}index.html is there, but nobody gets it at ${url.href}`);
      hint = NO_INDEX_DOCUMENTS;
    }
  }
  throw new Fault([...new Set(reasons)].join('; '), { hint: hint ?? (denied ? BUCKET_DENIES : undefined) });
}

/** Whether what is no index at the address of its folder is one under the name of its file. @param url ends in a slash */
async function isInBareBucket(url: URL, visitor: Visitor): Promise<boolean> {
  const { answer } = await visitor.follow(new URL('index.html', url), { Accept: ACCEPT_OLD_PIP });
  return bucketServer(answer.headers) !== undefined && answer.status === 200;
}

/** So many links of a front page are followed. */
const MOST_REPOSITORIES = 50;

/** @returns addresses of the indexes that a front page leads to, where the address is that of a site and no index itself; empty otherwise */
export async function findRepositories(address: URL, visitor: Visitor): Promise<URL[]> {
  const asked = withSlash(address);
  if (asked.pathname.endsWith('/simple/')) return [];
  const own = await visitor.follow(new URL('simple/', asked), { Accept: ACCEPT_PIP });
  if (own.answer.status === 200) return [];
  const front = await visitor.follow(asked, { Accept: ACCEPT_OLD_PIP });
  if (front.answer.status !== 200) return [];
  const names = namesInHtml(front.answer.body.toString('utf8'), mediaType(front.answer));
  const found: URL[] = [];
  for (const name of [...new Set(names)].slice(0, MOST_REPOSITORIES)) {
    const url = new URL(`${name}/simple/`, withSlash(front.url));
    const { answer } = await visitor.follow(url, { Accept: ACCEPT_PIP });
    if (answer.status === 200) found.push(url);
  }
  return found;
}

function withSlash(url: URL): URL {
  const copy = new URL(url);
  copy.search = '';
  copy.hash = '';
  if (!copy.pathname.endsWith('/')) copy.pathname += '/';
  return copy;
}

/** Of a list of projects in whichever form; names that are none are left out. */
function namesIn({ answer }: Visit): NormalizedName[] {
  const text = answer.body.toString('utf8');
  const written = text.trimStart().startsWith('{') ? namesInJson(text) : namesInHtml(text, mediaType(answer));
  const names = new Set<NormalizedName>();
  for (const name of written) {
    try {
      names.add(normalizeName(name));
    } catch {
      // The way up in a server's own list of a folder, say.
    }
  }
  return [...names].sort();
}

/** What says of itself that it is a list of projects: a page that happens to have no links is none. */
function isEmptyIndex({ answer }: Visit): boolean {
  const text = answer.body.toString('utf8').trim();
  if (!text.startsWith('{')) return /pypi:repository-version/i.test(text) && linksIn(text).length === 0;
  try {
    const { projects, meta } = JSON.parse(text) as { projects?: unknown; meta?: { 'api-version'?: unknown } };
    return Array.isArray(projects) && projects.length === 0 && typeof meta?.['api-version'] === 'string';
  } catch {
    return false;
  }
}

function namesInJson(text: string): string[] {
  try {
    const { projects } = JSON.parse(text) as { projects?: unknown };
    if (!Array.isArray(projects)) return [];
    return projects.flatMap((project) => (typeof project?.name === 'string' ? [project.name] : []));
  } catch {
    return [];
  }
}

/** The folder that a link leads to is the project: the text is whatever its maker liked. */
function namesInHtml(html: string, type: string): string[] {
  if (type !== '' && !type.includes('html')) return [];
  return linksIn(html).flatMap((href) => {
    const [path = ''] = href.split(/[#?]/, 1);
    const [, name] = /(?:^|\/)([^/]+)\/(?:index\.html)?$/.exec(path) ?? [];
    return name === undefined || name.startsWith('.') ? [] : [name];
  });
}
