/** What the record of the site gets to know of uploads. */
import { appendEvent, appendEvents, type LogEvent } from '../log/append-event.ts';
import type { LookedAt } from './look-at-upload.ts';
import type { UploadOrder, UploadRefusal } from './order.ts';

/** To be called before any of them is placed: what nobody can be told of is not done. @throws {KhoError} WRITE */
export function noteUploads(root: string, uploads: readonly { looked: LookedAt; isThere: boolean }[]): void {
  const events = uploads.map(({ looked: { order, file, repositories }, isThere }) => ({
    event: isThere ? ('same' as const) : ('upload' as const),
    ...about(order),
    project: file.facts.project,
    bytes: file.facts.size,
    repositories: repositories.map(({ name }) => name),
  }));
  appendEvents(root, events);
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
