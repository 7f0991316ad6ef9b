import type { IndexedFile } from '../../catalog/model.ts';
import { uploadTime } from '../upload-time.ts';

/**
 * A file as `urls` and `releases` of PyPI's JSON API show it, as JSON text. Several pages show the same file under
 * different addresses: the rest is made once, at the first call.
 */
export function fileEntry(file: IndexedFile): (url: string) => string {
  let rest: string | undefined;
  return (url) => {
    rest ??= JSON.stringify(withoutUrl(file)).slice(1);
    return `{"url":${JSON.stringify(url)},${rest}`;
  };
}

function withoutUrl(file: IndexedFile): object {
  const time = uploadTime(file.uploadedMs);
  return {
    comment_text: '',
    digests: { sha256: file.sha256 },
    downloads: -1,
    filename: file.filename,
    has_sig: file.signed,
    packagetype: file.kind === 'wheel' ? 'bdist_wheel' : 'sdist',
    python_version: file.kind === 'wheel' ? file.filename.split('-').at(-3) : 'source',
    requires_python: file.requiresPython ?? null,
    size: file.size,
    upload_time: time.slice(0, 'yyyy-mm-ddThh:mm:ss'.length),
    upload_time_iso_8601: time,
    yanked: file.yanked !== undefined,
    yanked_reason: file.yanked || null,
  };
}
