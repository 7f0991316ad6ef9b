/**
 * Public keys of ssh, of the kinds that sign: Ed25519, ECDSA and RSA. Keys on tokens (`sk-…`) and certificates are none of them.
 *
 * Source: RFC 4253, section 6.6; RFC 5656, section 3.1; RFC 8332; RFC 8709, section 4.
 */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { SshWire } from './ssh-wire.ts';

export interface SshKey {
  /** `ssh-ed25519` and so on. */
  type: string;
  /** `SHA256:…`, as `ssh-keygen -l` shows it: two keys are one if these are the same. */
  fingerprint: string;
  key: KeyObject;
}

/** Of the numbers r and s in a signature: bytes, and the hash that goes with the curve. */
export const CURVES: Readonly<Record<string, { name: string; bytes: number; hash: string } | undefined>> = {
  'ecdsa-sha2-nistp256': { name: 'P-256', bytes: 32, hash: 'sha256' },
  'ecdsa-sha2-nistp384': { name: 'P-384', bytes: 48, hash: 'sha384' },
  'ecdsa-sha2-nistp521': { name: 'P-521', bytes: 66, hash: 'sha512' },
};

const ED25519_BYTES = 32;

/** In bytes: 2,048 bits, below which a key can be broken, and 16,384. */
const SHORTEST_RSA = 256;
const LONGEST_RSA = 2048;

/** Of what may be a key, in bytes: RSA's are the longest. */
const LONGEST_BLOB = 8192;

/** @returns what is wrong with it, in words that follow "a key", where it cannot be used */
export function readSshKey(blob: Uint8Array): SshKey | string {
  if (blob.length > LONGEST_BLOB) return 'that is too long';
  const wire = new SshWire(blob);
  const type = wire.text() ?? '';
  const jwk = jwkOf(type, wire);
  if (typeof jwk === 'string') return jwk;
  if (!wire.isAtEnd) return 'with more behind it';
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const sum = createHash('sha256').update(blob).digest('base64').replaceAll('=', '');
    return { type, fingerprint: `SHA256:${sum}`, key };
  } catch {
    return 'that is none'; // a point that is on no curve
  }
}

function jwkOf(type: string, wire: SshWire) {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
  if (type === 'ssh-ed25519') {
    const x = wire.bytes();
    return x?.length === ED25519_BYTES ? { kty: 'OKP', crv: 'Ed25519', x: text(x) } : 'that is cut';
  }
  const curve = CURVES[type];
  if (curve) {
    const name = wire.text();
    const point = wire.bytes();
    if (!point || `ecdsa-sha2-${name}` !== type || point[0] !== 4 || point.length !== 1 + 2 * curve.bytes)
      return 'that is cut';
    const [x, y] = [point.subarray(1, 1 + curve.bytes), point.subarray(1 + curve.bytes)];
    return { kty: 'EC', crv: curve.name, x: text(x), y: text(y) };
  }
  if (type === 'ssh-rsa') {
    const [e, n] = [wire.positive(), wire.positive()];
    if (!e || !n) return 'that is cut';
    if (n.length < SHORTEST_RSA || n.length > LONGEST_RSA)
      return `of RSA with ${n.length * 8} bits: it takes 2048 to 16384`;
    return { kty: 'RSA', n: text(n), e: text(e) };
  }
  return `of a kind that kho does not check (${JSON.stringify(type.slice(0, 60))}): it takes ssh-ed25519, ecdsa or rsa`;
}
