/** What the record of the site gets to know of uploads. */
import { flushBatch } from '../io/flush.ts';
import { appendEvents, type LogEvent } from '../log/append-event.ts';
import type { RefusedEvent } from '../log/refusal-log.ts';
import type { LookedAt } from './look-at-upload.ts';
import type { UploadOrder, UploadRefusal } from './order.ts';

/** To be awaited before any of them is placed: what nobody can be told of is not done, nor what is not on the disk. @throws {KhoError} WRITE */
export async function noteUploads(
  root: string,
  uploads: readonly { looked: LookedAt; isThere: boolean }[],
): Promise<void> {
  const events = uploads.map(({ looked: { order, file, repositories }, isThere }) => ({
    event: isThere ? ('same' as const) : ('upload' as const),
    ...about(order),
    project: file.facts.project,
    bytes: file.facts.size,
    repositories: repositories.map(({ name }) => name),
  }));
  const written: string[] = [];
  appendEvents(root, events, Date.now(), written);
  await Promise.all([flushBatch(written, []), ...uploads.map(({ looked }) => looked.flushed)]);
}

/** What the record is told of a file that was not taken. */
export function refusalOf(order: UploadOrder, { text, reason = text, project }: UploadRefusal): RefusedEvent {
  return { event: 'refused', ...about(order), ...(project && { project }), reason };
}

function about({ token, address, userAgent, filename, sha256, repository }: UploadOrder): Partial<LogEvent> {
  return {
    ...{ who: token.name, address, file: filename, sha256 },
    ...(userAgent !== undefined && { userAgent }),
    ...(repository !== undefined && { repositories: [repository] }),
  };
}
