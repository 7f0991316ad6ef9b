/** Forms as clients send them to upload a file. */
import { createHash } from 'node:crypto';

const BOUNDARY = 'kho-test-boundary';

/** A field, or a part with a name of its own. */
type Part = [name: string, value: Uint8Array | string, filename?: string];

export const uploadForm = {
  headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },

  authorization(token: string, user = '__token__'): { Authorization: string } {
    return { Authorization: `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}` };
  },

  /** As twine's, in short: fields first, then the file. @param more fields, which may replace the others */
  of(filename: string, content: Uint8Array, more: Record<string, string> = {}): Buffer {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const fields = { ':action': 'file_upload', protocol_version: '1', sha256_digest: sha256, ...more };
    return uploadForm.parts([...Object.entries(fields), ['content', content, filename]]);
  },

  parts(parts: readonly Part[]): Buffer {
    const pieces: Uint8Array[] = [];
    for (const [name, value, filename] of parts) {
      const file = filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: application/octet-stream`;
      pieces.push(Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`));
      pieces.push(typeof value === 'string' ? Buffer.from(value) : value, Buffer.from('\r\n'));
    }
    return Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]);
  },
};
