import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { KhoError } from '../errors.ts';

/** Where certificate and key are, in PEM. */
export interface CertificateFiles {
  cert: string;
  key: string;
}

export interface Certificate {
  cert: Buffer;
  key: Buffer;
  /** Tells a renewed one. */
  stamp: string;
}

/** @throws {KhoError} LISTEN when they cannot be read, or do not belong together */
export async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  try {
    const stamp = await certificateStamp(files);
    const [cert, key] = await Promise.all([readFile(files.cert), readFile(files.key)]);
    createSecureContext({ cert, key });
    return { cert, key, stamp };
  } catch (cause) {
    throw new KhoError('LISTEN', `Cannot use the certificate "${files.cert}" with the key "${files.key}"`, {
      cause,
      hint: 'both must be PEM files that belong together, and that the user who runs kho can read',
    });
  }
}

/** Changes when either file does. Certificates are links as a rule, which are turned round when they are renewed. */
export async function certificateStamp({ cert, key }: CertificateFiles): Promise<string> {
  const stats = await Promise.all([stat(cert), stat(key)]);
  return stats.map(({ ino, mtimeMs, size }) => `${ino}:${mtimeMs}:${size}`).join(' ');
}
