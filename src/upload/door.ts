import type { Token } from '../access/token.ts';
import type { TokenStore } from '../access/token-store.ts';
import type { SiteConfig, UploadSettings } from '../config/site-config.ts';
import { appendEvent, type LogEvent } from '../log/append-event.ts';
import { refuseAsker, refuseUnheard, type WhatIsAsked } from './admit.ts';
import { answer, type UploadAnswer } from './answers.ts';
import type { AskedUpload } from './asked-upload.ts';
import { Failures } from './failures.ts';

/** Who is let in to change a site over HTTP: one count of failures for all ways in. */
export class Door {
  readonly #tokens: TokenStore;
  readonly #failures = new Failures();

  constructor(tokens: TokenStore) {
    this.#tokens = tokens;
  }

  /** By the head of a request; nothing of its body is read. */
  enter(
    asked: AskedUpload,
    config: SiteConfig,
    what: WhatIsAsked,
  ): { is: 'token'; token: Token } | { is: 'refused'; answer: UploadAnswer } {
    const early = refuseUnheard(asked, config.upload as UploadSettings, what);
    if (early) return { is: 'refused', answer: early };
    const asker = this.#tokens.who(asked.request.headers);
    if (asker.is === 'token') return asker;
    return { is: 'refused', answer: this.#refuse(asked, config, refuseAsker(asker, what)) };
  }

  #refuse(asked: AskedUpload, { root }: SiteConfig, refusal: UploadAnswer): UploadAnswer {
    const count = this.#failures.count(asked.client);
    if (count === 'many') {
      return answer(429, 'Too many tries without a token that is known here. What to do: wait a minute', {
        headers: ['Retry-After', '60'],
      });
    }
    if (count === 'first') noteBefore(asked, root, { event: 'auth-failed', reason: refusal.reason });
    return refusal;
  }
}

/** Of what was refused before its body was looked at. */
export function noteBefore(
  { address, repository, request }: AskedUpload,
  root: string,
  event: Pick<LogEvent, 'event' | 'who' | 'reason'>,
): void {
  const userAgent = request.headers['user-agent'];
  try {
    appendEvent(root, {
      ...{ ...event, address },
      ...(repository !== undefined && { repositories: [repository] }),
      ...(userAgent && { userAgent }),
    });
  } catch {
    // Nothing was done, and a full disk keeps nobody from being told.
  }
}
