/** What is decided before the body of an upload: by its head, the token, and the disk. */
import type { IncomingHttpHeaders } from 'node:http';
import { mayDo, type Token, whyNot } from '../access/token.ts';
import type { Asker } from '../access/token-store.ts';
import type { RepositoryConfig, SiteConfig, UploadSettings } from '../config/site-config.ts';
import { answer, type UploadAnswer } from './answers.ts';
import type { AskedUpload } from './asked-upload.ts';
import { FORM_OVERHEAD, tooBig } from './read-form.ts';
import { forbiddenText } from './refusals.ts';
import { toldTo } from './told-repositories.ts';
import { NO_ROOM_TEXT } from './trouble.ts';

/** Whether some page of another site made a browser send it, with a password that the browser knows. Source: RFC 6454; Fetch Metadata. */
export function isFromForeignPage(headers: IncomingHttpHeaders, hosts: readonly string[]): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'none' && site !== 'same-origin') return true;
  const { origin } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || !hosts.includes(new URL(origin).host);
}

/** As the first words of a sentence. */
export type WhatIsAsked = 'An upload' | 'A change' | 'A report';

/** What can be said without knowing who asks. */
export function refuseUnheard(
  { request, hosts, isConfidential }: AskedUpload,
  { allowHttp }: UploadSettings,
  what: WhatIsAsked = 'An upload',
): UploadAnswer | undefined {
  if (isFromForeignPage(request.headers, hosts)) {
    const text =
      what === 'An upload'
        ? 'Pages of other sites may not upload. What to do: use twine, uv, or another client'
        : 'Pages of other sites may not change this one. What to do: use kho with --at';
    return answer(403, text);
  }
  if (!isConfidential && !allowHttp) {
    return answer(
      403,
      'Use https: a token that is sent over plain http can be read by others. What to do: upload to the https address of this site, or let whoever runs it read about allow_http; and make a new token, since this one was sent unprotected',
    );
  }
  return undefined;
}

/** Why somebody is not let in. */
export function refuseAsker(asker: Exclude<Asker, { is: 'token' }>, what: WhatIsAsked): UploadAnswer {
  const how = 'What to do: give the user __token__, and as its password a token that "kho token add" made for you';
  switch (asker.is) {
    case 'nobody':
      return answer(401, `${what} needs a token. ${how}`);
    case 'expired':
      return answer(
        401,
        `The token "${asker.name}" has expired. What to do: ask whoever runs this site for another one`,
      );
    case 'unknown':
      return answer(
        401,
        asker.isMistyped
          ? 'This is a token of kho that was not copied whole. What to do: copy it again, from "kho_" to its end'
          : `This token is not known here: it was removed, or is for another site. ${how}`,
      );
  }
}

/** The token is known: whether its upload may begin. @param freeBytes of the disk it goes to */
export function refuseUpload(
  { request, repository }: AskedUpload,
  token: Token,
  config: SiteConfig,
  freeBytes: number,
): UploadAnswer | undefined {
  const { headers } = request;
  const { maxFile, keepFree } = config.upload as UploadSettings;
  const takers = takersOf(config, repository);
  if (takers.length > 0 && takers.every(({ name }) => !mayDo(token, 'upload', name))) {
    const told = toldTo(token, config, repository);
    const [why] = takers.filter(({ name }) => told.mayName(name)).map(({ name }) => whyNot(token, 'upload', name));
    return answer(403, forbiddenText(token, why));
  }
  if (!/^multipart\/form-data\s*;/i.test(headers['content-type'] ?? '')) {
    return answer(
      400,
      'An upload is a form with a file in it (multipart/form-data). What to do: use twine, uv, or curl -F content=@FILE',
    );
  }
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
    return answer(415, 'An upload may not be compressed as a whole. What to do: leave out Content-Encoding');
  }
  const length = Number(headers['content-length'] ?? 0);
  if (length > maxFile + FORM_OVERHEAD) return answer(413, tooBig(maxFile).message);
  if (freeBytes - length * Math.max(1, takers.length) < keepFree) return noRoom();
  return undefined;
}

export function noRoom(): UploadAnswer {
  return answer(507, NO_ROOM_TEXT);
}

/** Repositories that the file may go to. */
export function takersOf({ repositories }: SiteConfig, wanted: string | undefined): RepositoryConfig[] {
  return repositories.filter(
    ({ name, packages }) => packages !== undefined && (wanted === undefined || wanted === name),
  );
}
