import { timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { keptFolder } from '../io/kept-folder.ts';
import { readKept } from '../io/kept-state.ts';
import { look } from '../io/open-file.ts';
import { anchor, forgetReplaced } from '../io/reach.ts';
import { trustOwnerOf } from '../io/trusted-owners.ts';
import { formOfToken, tokenDigest } from '../standards/access-token.ts';
import { secretOf } from './credentials.ts';
import type { Token } from './token.ts';
import { type KeptToken, TOKENS } from './token-lines.ts';

/**
 * - `nobody`: brings no credentials.
 * - `unknown`: brings some that let nobody in here; `mistyped` where they are a token that was not copied whole.
 * - `expired`: brings a token whose time is over.
 */
export type Asker =
  | { is: 'token'; token: Token }
  | { is: 'nobody' }
  | { is: 'unknown'; isMistyped: boolean }
  | { is: 'expired'; name: string };

/** Of what is kept, to be told: a line that cannot be read, or that nothing can be. One line, no full stop. */
export type TellTokenFault = (fault: string) => void;

/**
 * Who asks, by `kho.tokens` in a site's kept state. The file is looked at with each question: what was removed from it lets nobody in from
 * then on, without a restart. Where it is gone or cannot be read, nobody is let in.
 */
export class TokenStore {
  readonly #root: string;
  readonly #tell: TellTokenFault;
  #stamp = '';
  #tokens = new Map<string, KeptToken>();
  #told = '';

  /** @param root of a site, absolute and real */
  constructor(root: string, tell: TellTokenFault = () => {}) {
    this.#root = root;
    this.#tell = tell;
    anchor(root, 'own');
    trustOwnerOf(root);
  }

  /** @param headers of a request, in lower case */
  who(headers: { authorization?: string | undefined }, now: number = Date.now()): Asker {
    if (headers.authorization === undefined) return { is: 'nobody' };
    const secret = secretOf(headers.authorization);
    const form = secret === undefined ? 'foreign' : formOfToken(secret);
    if (secret === undefined || form !== 'whole') return { is: 'unknown', isMistyped: form === 'mistyped' };
    this.#refresh();
    const digest = tokenDigest(secret);
    const kept = this.#tokens.get(digest);
    if (!kept || !timingSafeEqual(Buffer.from(kept.sha256), Buffer.from(digest))) {
      return { is: 'unknown', isMistyped: false };
    }
    const { sha256: _, madeMs: __, ...token } = kept;
    if (token.expiresMs !== undefined && token.expiresMs <= now) return { is: 'expired', name: token.name };
    return { is: 'token', token };
  }

  #refresh(): void {
    try {
      const folder = look(keptFolder(this.#root)); // who may write there decides whether it is believed
      forgetReplaced(keptFolder(this.#root), folder); // it may be another one by now, put back from a backup
      const stats = look(join(keptFolder(this.#root), TOKENS.name));
      const stamp = [stats?.ino, stats?.size, stats?.mtimeMs, stats?.ctimeMs, folder?.mode, folder?.uid].join(' ');
      if (stamp === this.#stamp) return;
      const { records, damaged } = readKept(this.#root, TOKENS);
      this.#tokens = new Map(records.map((token) => [token.sha256, token]));
      this.#stamp = stamp;
      this.#say(damaged === 0 ? '' : damagedLines(this.#root, damaged));
    } catch (error) {
      this.#tokens = new Map();
      this.#stamp = '';
      if (!(error instanceof KhoError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
      this.#say(`nobody is let in: c${(error as Error).message.slice(1)}`);
    }
  }

  /** Each fault once, until it is another. */
  #say(fault: string): void {
    if (fault !== '' && fault !== this.#told) this.#tell(fault);
    this.#told = fault;
  }
}

export function damagedLines(root: string, count: number): string {
  const path = join(keptFolder(root), TOKENS.name);
  const are =
    count === 1
      ? `a line of "${path}" cannot be read, and lets`
      : `${count} lines of "${path}" cannot be read, and let`;
  return `${are} nobody in; the others hold`;
}
