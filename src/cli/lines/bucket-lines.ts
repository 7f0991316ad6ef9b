import type { BucketPreview, BucketReport } from '../../bucket/publish-site.ts';
import { isPrivate } from '../../config/private-repositories.ts';
import { quoted } from '../../standards/quoted.ts';
import { counted, grouped, inBytes, inSeconds } from '../amounts.ts';
import type { Line } from '../text.ts';

/** Of keys that are told by name. */
const MOST_NAMED = 20;

/** What a push did, in one line, and one more where something waits. */
export function bucketLines(report: BucketReport): Line[] {
  const { bucket, written, unchanged, removed, bytes, requests, durationMs, waiting, removalsDueMs } = report;
  const parts = [
    `${grouped(written)} written (${inBytes(bytes)})`,
    `${grouped(unchanged)} there already`,
    `${grouped(removed)} removed`,
  ];
  const lines: Line[] = [
    `${bucket}: ${parts.join(', ')} by ${counted(requests, 'request')} in ${inSeconds(durationMs)}`,
  ];
  if (waiting > 0 && removalsDueMs) {
    const when = new Date(removalsDueMs).toISOString().slice(0, 16).replace('T', ' ');
    const stay = waiting === 1 ? 'stays' : 'stay';
    lines.push(
      `${counted(waiting, 'object')} of what is published no longer ${stay} there, the first until ${when} UTC`,
    );
  }
  return lines;
}

/** What somebody should look at. */
export function bucketFindingLines({ bucket, failed, replaced, lostShards, leftOut }: BucketReport): Line[] {
  const more = failed.length - MOST_NAMED;
  return [
    ...failed.slice(0, MOST_NAMED).map(({ key, why }) => `kho: could not push ${quoted(key)}: ${why}`),
    ...(more > 0 ? [`kho: nor ${counted(more, 'other object')}`] : []),
    ...(failed.length > 0 ? ['kho: what names them waits, and so do lists; the next run tries again'] : []),
    ...replaced.slice(0, MOST_NAMED).map((key) => `kho: replaced ${quoted(key)}, which was there with other bytes`),
    ...(lostShards > 0
      ? [`kho: parts of the record in ${quoted(bucket)} were damaged; kho check ${bucket} finds what is left over`]
      : []),
    ...(leftOut.length > 0 ? [`kho: not pushed, since ${isPrivate(leftOut)}`] : []),
  ];
}

export function bucketPreviewLines({ bucket, put, bytes, removed, left }: BucketPreview): Line[] {
  const named = (verb: string, keys: readonly string[]): Line[] => [
    ...keys.slice(0, MOST_NAMED).map((key) => `  ${verb} ${key}`),
    ...(keys.length > MOST_NAMED ? [`  ${verb} ${counted(keys.length - MOST_NAMED, 'more object')}`] : []),
  ];
  return [
    `${bucket}, of what is published now: ${counted(put.length, 'object')} to put (${inBytes(bytes)}), ${grouped(removed.length)} to remove, ${grouped(left.length)} to remove later`,
    ...named('put', put),
    ...named('remove', removed),
    ...named('remove later', left),
  ];
}
