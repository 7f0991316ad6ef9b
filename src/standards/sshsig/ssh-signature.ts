/**
 * Signatures that `ssh-keygen -Y sign` makes: the key, what it was used for (the namespace), and a signature of that and of the hash of the
 * message.
 *
 * Source: OpenSSH, PROTOCOL.sshsig.
 */
import { createHash, verify } from 'node:crypto';
import { CURVES, readSshKey, type SshKey } from './ssh-key.ts';
import { SshWire, sshBytes } from './ssh-wire.ts';

const MAGIC = 'SSHSIG';
const VERSION = 1;
const HASHES: ReadonlySet<string> = new Set(['sha256', 'sha512']);

/** Of the text, in characters; one with a long RSA key has some thousand. */
export const LONGEST_SIGNATURE = 16 * 1024;

const ARMOUR = /^-----BEGIN SSH SIGNATURE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END SSH SIGNATURE-----\s*$/;

/**
 * Whether a signature is one of these bytes, for this purpose, by the key that it names. Whose key that is, it does not say.
 *
 * @returns the key, or what is wrong, in words that follow "the signature"
 */
export function signingKey(message: Uint8Array, signature: string, namespace: string): SshKey | string {
  const base64 = signature.length > LONGEST_SIGNATURE ? undefined : ARMOUR.exec(signature)?.[1];
  if (base64 === undefined) return 'is none that ssh-keygen made';
  const wire = new SshWire(Buffer.from(base64, 'base64'));
  if (wire.take(MAGIC.length)?.toString('latin1') !== MAGIC) return 'is none of ssh';
  const version = wire.number();
  const blob = wire.bytes();
  const usedFor = wire.text();
  const reserved = wire.bytes();
  const hash = wire.text();
  const inner = wire.bytes();
  if (!blob || usedFor === undefined || !reserved || hash === undefined || !inner || !wire.isAtEnd) return 'is cut';
  if (version !== VERSION) return `is of version ${version}, which kho does not know`;
  const key = readSshKey(blob);
  if (typeof key === 'string') return `is by a key ${key}`;
  if (usedFor !== namespace) {
    return `was made for ${JSON.stringify(usedFor.slice(0, 60))}, not for ${JSON.stringify(namespace)} (ssh-keygen -Y sign -n ${namespace})`;
  }
  if (!HASHES.has(hash)) return `has a hash that kho does not take: ${JSON.stringify(hash.slice(0, 20))}`;
  const digest = createHash(hash).update(message).digest();
  const signed = Buffer.concat([Buffer.from(MAGIC), ...[usedFor, reserved, hash, digest].map(sshBytes)]);
  return isSigned(signed, key, inner) ? key : 'is not of these bytes';
}

function isSigned(data: Buffer, { type, key }: SshKey, inner: Buffer): boolean {
  const wire = new SshWire(inner);
  const algorithm = wire.text();
  const bytes = wire.bytes();
  if (!bytes || !wire.isAtEnd) return false;
  const curve = CURVES[type];
  if (curve) {
    const both = algorithm === type ? rAndS(bytes, curve.bytes) : undefined;
    return both !== undefined && verify(curve.hash, data, { key, dsaEncoding: 'ieee-p1363' }, both);
  }
  if (type === 'ssh-ed25519') return algorithm === type && verify(null, data, key, bytes);
  const hash = algorithm === 'rsa-sha2-256' ? 'sha256' : algorithm === 'rsa-sha2-512' ? 'sha512' : undefined; // never sha1
  return hash !== undefined && verify(hash, data, key, bytes);
}

/** Side by side, each as long as the curve's numbers are. */
function rAndS(bytes: Buffer, length: number): Buffer | undefined {
  const wire = new SshWire(bytes);
  const numbers = [wire.positive(), wire.positive()];
  if (!wire.isAtEnd) return undefined;
  const both = Buffer.alloc(2 * length);
  for (const [place, number] of numbers.entries()) {
    if (!number || number.length > length) return undefined;
    number.copy(both, (place + 1) * length - number.length);
  }
  return both;
}
