import { setTimeout as sleep } from 'node:timers/promises';
import type { Token } from '../access/token.ts';
import type { SiteConfig, UploadSettings } from '../config/site-config.ts';
import type { LearnedFile } from '../inspect/learned-files.ts';
import { freeBytes } from '../io/free-bytes.ts';
import { forgetIfReplaced } from '../io/open-file.ts';
import type { RefusalLog } from '../log/refusal-log.ts';
import { inPlaceTarget } from '../publish/target.ts';
import type { NormalizedName } from '../standards/name.ts';
import { refuseUpload, takersOf } from './admit.ts';
import { answer, answerTo, type UploadAnswer } from './answers.ts';
import type { AskedUpload } from './asked-upload.ts';
import { bearsSigns } from './bears-signs.ts';
import { BODY_PACE, type BodyPace } from './body-watch.ts';
import { type Door, noteBefore } from './door.ts';
import { isListed } from './is-listed.ts';
import { refusalOf } from './note-upload.ts';
import type { UploadOrder, UploadOutcome } from './order.ts';
import { ClientGone, FormFault } from './read-form.ts';
import { type Received, receive, TooSlow } from './receive.ts';
import { type GiveBack, Slots } from './slots.ts';
import { toldTo } from './told-repositories.ts';
import { troubleOf } from './trouble.ts';

/** What is to be listed, so that clients find it. */
export interface ToPublish {
  repository: string;
  project: NormalizedName;
  /** From packages/. */
  path: string;
  /** What was read of it, if it came there just now. */
  known?: LearnedFile;
}

export interface UploadDeskOptions {
  config: () => SiteConfig;
  door: Door;
  refusals: RefusalLog;
  /** Told that a body begins to come. */
  onBody?: () => void;
  /** Takes in what was received. @param unanswered so many, it among them, have come or are coming */
  take: (order: UploadOrder, unanswered: number) => Promise<UploadOutcome>;
  /** Resolves when a build with these files is over, whatever it came to. */
  publish: (files: readonly ToPublish[]) => Promise<void>;
  limits?: Partial<UploadLimits>;
}

/** Times in milliseconds. */
export interface UploadLimits {
  /** Uploads that are received at the same time; of one token; and those that wait for their turn. */
  most: number;
  mostOfOne: number;
  mostWaiting: number;
  /** Received, and not answered yet. */
  mostUnanswered: number;
  pace: BodyPace;
  /** For a build; Hatch gives up after 10 s of silence, Poetry after 15 s. */
  publishMs: number;
  /** Between signs of life, where a client can see them. */
  signMs: number;
  /** The same while its body waits, which nobody reads: that its client has gone shows in what cannot be sent. */
  waitingSignMs: number;
  /** Before somebody is sent away: twine asks five times at once. */
  refuseMs: number;
}

const LIMITS: UploadLimits = {
  most: 8,
  mostOfOne: 2,
  mostWaiting: 64,
  mostUnanswered: 256,
  pace: BODY_PACE,
  publishMs: 8000,
  signMs: 4000,
  waitingSignMs: 1000,
  refuseMs: 3000,
};

/** Takes what is uploaded, from the head of a request to the words of its answer. */
export class UploadDesk {
  readonly #options: UploadDeskOptions;
  readonly #limits: UploadLimits;
  readonly #slots: Slots;
  #unanswered = 0;

  constructor(options: UploadDeskOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#slots = new Slots(this.#limits);
  }

  /** @returns undefined when the client went away. The body may not have been read to its end */
  async receive(asked: AskedUpload): Promise<UploadAnswer | undefined> {
    const config = this.#options.config();
    const { request } = asked;
    const entered = this.#options.door.enter(asked, config, 'An upload');
    if (entered.is === 'refused') return entered.answer;
    const { token } = entered;
    const folder = folderFor(config, asked.repository);
    const refused = refuseUpload(asked, token, config, folder === undefined ? 0 : freeBytes(folder));
    if (refused) return this.#refuseKnown(asked, refused, token);
    if (folder === undefined) return answer(400, 'No repository of this site holds files');

    const gone = new AbortController();
    const onClose = () => gone.abort('gone'); // without a reason Node makes an error of each
    request.once('close', onClose);
    const place =
      this.#unanswered < this.#limits.mostUnanswered ? this.#slots.take(token.name, gone.signal) : undefined;
    if (place === undefined) return await this.#sendAway();
    this.#unanswered++;
    let stopSigns = this.#giveSigns(asked, this.#limits.waitingSignMs);
    let received: Received | undefined;
    try {
      const giveBack = await place;
      stopSigns();
      stopSigns = this.#giveSigns(asked, this.#limits.signMs);
      if (gone.signal.aborted) throw new ClientGone();
      request.off('close', onClose); // from here on whoever reads the body sees it
      this.#options.onBody?.();
      received = await this.#receiveBody(asked, config, folder, giveBack);
      await received.flush();
      const order: UploadOrder = {
        ...received.order,
        token,
        address: asked.address,
        ...(request.headers['user-agent'] !== undefined && { userAgent: request.headers['user-agent'] }),
        ...(asked.repository !== undefined && { repository: asked.repository }),
      };
      const outcome = await this.#options.take(order, this.#unanswered);
      if (outcome.is === 'refused') this.#options.refusals.note(asked.client, refusalOf(order, outcome));
      const listed = outcome.is !== 'refused' && (outcome.isListed ?? (await this.#publish(config, outcome)));
      return answerTo(order.filename, outcome, listed, toldTo(token, config, asked.repository).mayName);
    } catch (error) {
      if (error instanceof ClientGone) return undefined;
      return answerToFault(error);
    } finally {
      stopSigns();
      request.off('close', onClose);
      this.#unanswered--;
      await received?.remove();
    }
  }

  async #receiveBody(asked: AskedUpload, config: SiteConfig, folder: string, giveBack: GiveBack): Promise<Received> {
    const { request, response } = asked;
    try {
      if (/^100-continue$/i.test(request.headers.expect ?? '')) response.writeContinue();
      return await receive(request, { folder, ...(config.upload as UploadSettings), pace: this.#limits.pace });
    } finally {
      giveBack();
    }
  }

  /** @returns whether clients find it by now */
  async #publish(config: SiteConfig, { project, places }: UploadOutcome & { is: 'taken' | 'same' }): Promise<boolean> {
    const target = inPlaceTarget(config);
    const missing = places.filter((place) => !isListed(target, project, place));
    if (missing.length === 0) return true;
    const late = sleep(this.#limits.publishMs, undefined, { ref: false });
    await Promise.race([this.#options.publish(missing.map((place) => ({ ...place, project }))), late]);
    return missing.every((place) => isListed(target, project, place));
  }

  #refuseKnown(asked: AskedUpload, refusal: UploadAnswer, { name }: Token): UploadAnswer {
    noteBefore(this.#options.refusals, asked, { event: 'refused', who: name, reason: refusal.reason });
    return refusal;
  }

  async #sendAway(): Promise<UploadAnswer> {
    await sleep(this.#limits.refuseMs, undefined, { ref: false });
    return answer(503, 'Too many uploads wait already. What to do: upload the file again in a minute', {
      headers: ['Retry-After', '60'],
    });
  }

  /** A client that waits for long is shown that somebody is there. A proxy keeps such signs to itself, or takes them for the answer. */
  #giveSigns({ request, response, isDirect }: AskedUpload, everyMs: number): () => void {
    const mayWrite = isDirect && request.httpVersion === '1.1' && bearsSigns(request.headers['user-agent']);
    if (!mayWrite) return () => {};
    const timer = setInterval(() => {
      if (!response.headersSent && !response.destroyed) response.writeContinue();
    }, everyMs).unref();
    return () => clearInterval(timer);
  }
}

/** On the disk that the file goes to, as far as that is known by now. */
function folderFor(config: SiteConfig, repository: string | undefined): string | undefined {
  const [first] = takersOf(config, repository);
  const packages = first?.packages ?? takersOf(config, undefined)[0]?.packages;
  if (packages === undefined) return undefined;
  inPlaceTarget(config);
  forgetIfReplaced(packages);
  return packages;
}

function answerToFault(error: unknown): UploadAnswer {
  if (error instanceof FormFault) return answer(error.status, error.message);
  if (error instanceof TooSlow) {
    return answer(408, 'The upload came too slowly, or stood still. What to do: upload the file again', {
      headers: ['Connection', 'close'],
    });
  }
  const { why, text } = troubleOf(error);
  return answer(why === 'full' ? 507 : 503, text);
}
