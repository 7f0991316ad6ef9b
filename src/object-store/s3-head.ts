import type { ObjectInfo } from './object-store.ts';
import { isMissing } from './s3-faults.ts';
import { infoOf } from './s3-headers.ts';
import type { S3Session } from './s3-session.ts';

/** @returns undefined where there is none @throws {StoreError} */
export function headObject(session: S3Session, key: string): Promise<ObjectInfo | undefined> {
  return session.ask('look at', key, async ({ sdk, client }) => {
    try {
      const question = { ...session.place(key), ChecksumMode: 'ENABLED' as const };
      return infoOf(await client.send(new sdk.HeadObjectCommand(question)), session.nameOf(key));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  });
}
