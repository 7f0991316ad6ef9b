/** What is said of an object beside its bytes: as S3 has it, and as we do. */
import type { GetObjectCommandOutput, HeadObjectCommandOutput, PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { StoreSettings } from '../config/store-settings.ts';
import { type ObjectHeaders, type ObjectInfo, type PutCondition, StoreError } from './object-store.ts';
import { isMissing, statusOf } from './s3-faults.ts';

/** Source: Amazon S3 API Reference, PutObject. */
export function sentHeaders(
  { contentType, cacheControl, contentEncoding, meta }: ObjectHeaders,
  { sse, sseKey }: StoreSettings,
): Partial<PutObjectCommandInput> {
  return {
    ContentType: contentType,
    CacheControl: cacheControl,
    ...(contentEncoding !== undefined && { ContentEncoding: contentEncoding }),
    ...(meta && { Metadata: { ...meta } }),
    ...(sse !== undefined && { ServerSideEncryption: sse as 'aws:kms' }),
    ...(sseKey !== undefined && { SSEKMSKeyId: sseKey }),
  };
}

export function conditionHeaders(condition: PutCondition | undefined): { IfNoneMatch?: '*'; IfMatch?: string } {
  if (condition === undefined) return {};
  return 'ifAbsent' in condition ? { IfNoneMatch: '*' } : { IfMatch: condition.ifEtag };
}

/** Whether the condition did not hold. What is not there has no ETag either: some say 404 then. */
export function isRefused(error: unknown, condition: PutCondition | undefined): boolean {
  if (condition === undefined) return false;
  return statusOf(error) === 412 || ('ifEtag' in condition && isMissing(error));
}

/** @throws {StoreError} for a store that gives no ETags */
export function infoOf(answer: GetObjectCommandOutput | HeadObjectCommandOutput, address: string): ObjectInfo {
  const { ContentEncoding, Metadata = {}, ChecksumSHA256, ChecksumType } = answer;
  return {
    etag: etagOf(answer.ETag, address),
    size: answer.ContentLength ?? 0,
    modifiedMs: answer.LastModified?.getTime() ?? 0,
    headers: {
      contentType: answer.ContentType ?? '',
      cacheControl: answer.CacheControl ?? '',
      ...(ContentEncoding && { contentEncoding: ContentEncoding }),
      ...(Object.keys(Metadata).length > 0 && { meta: Metadata }),
    },
    // Of an object in parts it may be a hash of their hashes.
    ...(ChecksumSHA256 &&
      ChecksumType !== 'COMPOSITE' &&
      !ChecksumSHA256.includes('-') && { sha256: hexOf(ChecksumSHA256) }),
  };
}

/** @throws {StoreError} for a store that gives none: without them nothing can be told from another */
export function etagOf(etag: string | undefined, address: string): string {
  if (etag) return etag;
  throw new StoreError('refused', `Cannot use "${address}": the store gives it no ETag`);
}

export function base64Of(hexadecimal: string): string {
  return Buffer.from(hexadecimal, 'hex').toString('base64');
}

function hexOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}
