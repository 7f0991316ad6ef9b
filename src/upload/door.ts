import type { Token } from '../access/token.ts';
import type { TokenStore } from '../access/token-store.ts';
import type { SiteConfig, UploadSettings } from '../config/site-config.ts';
import type { RefusalLog, RefusedEvent } from '../log/refusal-log.ts';
import { refuseAsker, refuseUnheard, type WhatIsAsked } from './admit.ts';
import { answer, type UploadAnswer } from './answers.ts';
import type { AskedUpload } from './asked-upload.ts';
import { Failures } from './failures.ts';

/** Who is let in to change a site over HTTP: one count of failures for all ways in. */
export class Door {
  readonly #tokens: TokenStore;
  readonly #refusals: RefusalLog;
  readonly #failures = new Failures();

  constructor(tokens: TokenStore, refusals: RefusalLog) {
    this.#tokens = tokens;
    this.#refusals = refusals;
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
    return { is: 'refused', answer: this.#refuse(asked, refuseAsker(asker, what)) };
  }

  #refuse(asked: AskedUpload, refusal: UploadAnswer): UploadAnswer {
    noteBefore(this.#refusals, asked, { event: 'auth-failed', reason: refusal.reason });
    if (!this.#failures.isOneTooMany(asked.client)) return refusal;
    return answer(429, 'Too many tries without a token that is known here. What to do: wait a minute', {
      headers: ['Retry-After', '60'],
    });
  }
}

/** Of what was refused before its body was looked at. */
export function noteBefore(
  refusals: RefusalLog,
  { client, address, repository, request }: AskedUpload,
  refusal: Pick<RefusedEvent, 'event' | 'who' | 'reason'>,
): void {
  const userAgent = request.headers['user-agent'];
  refusals.note(client, {
    ...{ ...refusal, address },
    ...(repository !== undefined && { repositories: [repository] }),
    ...(userAgent && { userAgent }),
  });
}
