/** Whether a web server that sends files itself may send this one to whoever asks it. See standards/http/may-read.ts. */
import type { IncomingMessage } from 'node:http';
import type { TokenStore } from '../access/token-store.ts';
import { UPSTREAM_FOLDER } from '../config/repository-name.ts';
import { MAY_READ_TARGET, PRIVATE_HEADER, READ_PATH_HEADER } from '../standards/http/may-read.ts';
import { type Answer, emptyAnswer, NEVER_KEEP, textAnswer } from './answer.ts';
import { refuseReader } from './private-access.ts';

interface Repositories {
  repositories: ReadonlySet<string>;
  privateRepositories: ReadonlySet<string>;
  /** A private repository alone passes on what this upstream has; see `onlyPrivateUser`. */
  privateUserOf: (upstream: string) => string | undefined;
}

/** No path of a file has them: a server that asks about such a one has not understood what it will send. */
const NO_PATH = /[\x00-\x1f\x7f\\]|\/\.{1,2}(?:\/|$)/;

/** Whether a server asks for itself, and not for a client whose request it has passed on. @param target as it stands in the request line */
export function asksMayRead(target: string, { method, headers }: IncomingMessage): boolean {
  if (target !== MAY_READ_TARGET || headers['x-forwarded-for'] !== undefined) return false;
  return method === 'GET' || method === 'HEAD';
}

/**
 * 204 for who may read it, 401 as `kho serve` itself would answer, and 403 for what can be no file. Which repository a path is of, its
 * first folder says.
 *
 * @param request of a server that is believed
 */
export function mayReadAnswer(request: IncomingMessage, site: Repositories, tokens: TokenStore): Answer {
  const [path, ...more] = request.headersDistinct[READ_PATH_HEADER.toLowerCase()] ?? [];
  const repository = path === undefined || more.length > 0 ? 'unclear' : privateFolderOf(asText(path), site);
  if (repository === 'unclear') {
    return textAnswer(403, `A server that asks names in ${READ_PATH_HEADER} the path of one file`, NEVER_KEEP);
  }
  if (repository === undefined) return emptyAnswer(204, NEVER_KEEP);
  const { name } = repository;
  const refusal = refuseReader(name, tokens.who(request.headers), undefined);
  return refusal ?? emptyAnswer(204, [PRIVATE_HEADER, 'yes', ...NEVER_KEEP]);
}

/**
 * The private repository that a file lies in; `unclear` for what is no path. Also one whose name is spelled in other letters, which some
 * disks take for the same.
 */
export function privateFolderOf(path: string, site: Repositories): { name: string } | 'unclear' | undefined {
  if (!path.startsWith('/') || NO_PATH.test(path)) return 'unclear';
  const [first, second = ''] = path.split('/').filter((segment) => segment !== '');
  if (first === undefined) return undefined;
  if (folded(first) === UPSTREAM_FOLDER) {
    const name = site.privateUserOf(second);
    return name === undefined ? undefined : { name };
  }
  if (site.repositories.has(first)) return site.privateRepositories.has(first) ? { name: first } : undefined;
  const name = [...site.privateRepositories].find((each) => folded(each) === folded(first));
  return name === undefined ? undefined : { name };
}

function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** Node reads headers as Latin-1; paths are UTF-8. */
function asText(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8');
}
