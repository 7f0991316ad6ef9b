/** Files as they lie there once they were received, for whoever takes them in. */
import { hash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryName } from '../../src/io/temporary-name.ts';
import type { UploadOrder } from '../../src/upload/order.ts';
import { makeWheel, type WheelOptions, wheelFilename } from './make-package.ts';
import type { TestSite } from './site.ts';

/** A wheel that came for a repository, by a token that may do everything. */
export function orderIn(site: TestSite, repository: string, options: WheelOptions, isOnDisk = false): UploadOrder {
  const bytes = new Uint8Array(makeWheel(options));
  const content = isOnDisk ? partIn(join(site.root, repository, 'packages'), bytes) : { bytes };
  return {
    ...{ content, filename: wheelFilename(options), sha256: hash('sha256', bytes), address: '' },
    said: { sha256: [], md5: [] },
    token: { name: 't', rights: ['upload', 'new'], repositories: ['*'], projects: ['*'] },
    ...(repository !== '' && { repository }),
  };
}

/** As a larger one lies there. */
function partIn(packages: string, bytes: Uint8Array): { folder: string; part: string } {
  const folder = join(packages, temporaryName());
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, 'part'), bytes);
  return { folder, part: 'part' };
}
