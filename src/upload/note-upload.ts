/** What the record of the site gets to know of uploads. */
import { appendEvent, type LogEvent } from '../log/append-event.ts';
import type { LookedAt } from './look-at-upload.ts';
import type { UploadOrder, UploadRefusal } from './order.ts';

/** To be called before anything is placed: what nobody can be told of is not done. @throws {KhoError} WRITE */
export function noteUpload(root: string, { order, file, repositories }: LookedAt, isThere: boolean): void {
  appendEvent(root, {
    event: isThere ? 'same' : 'upload',
    ...about(order),
    project: file.facts.project,
    bytes: file.facts.size,
    repositories: repositories.map(({ name }) => name),
  });
}

/** Nothing was done, so a disk that is full keeps nobody from being told. */
export function noteRefusal(root: string, order: UploadOrder, { text, reason = text, project }: UploadRefusal): void {
  try {
    appendEvent(root, { event: 'refused', ...about(order), ...(project && { project }), reason });
  } catch {
    // Whoever uploaded it is told all the same.
  }
}

function about({ token, address, userAgent, filename, sha256, repository }: UploadOrder): Partial<LogEvent> {
  return {
    ...{ who: token.name, address, file: filename, sha256 },
    ...(userAgent !== undefined && { userAgent }),
    ...(repository !== undefined && { repositories: [repository] }),
  };
}
