/**
 * Who may sign, and whose keys count no longer: files as `ssh-keygen -Y verify` reads them with `-f` and `-r`.
 *
 * Source: OpenSSH, ssh-keygen(1), "ALLOWED SIGNERS" and "-r krl_file".
 */
import { quoted } from '../quoted.ts';
import { readSshKey, type SshKey } from './ssh-key.ts';
import { signingKey } from './ssh-signature.ts';

export interface AllowedSigner {
  /** As written: `an@example.vn,binh@example.vn`. */
  principals: string;
  /** For which purposes; absent: any. */
  namespaces?: string[];
  key: SshKey;
}

export interface AllowedSigners {
  signers: AllowedSigner[];
  /** What of the file does not count, and why: `line 3: …`. Somebody may believe that it does. */
  notes: string[];
}

/** Of a file, in characters. */
export const LONGEST_SIGNERS = 1024 * 1024;

/** Of a key, as it is written before it. */
const KIND = /^(?:ssh|ecdsa|sk)-/;

const OPTION = /^([a-z-]+)(?:="([^"]*)")?(?:,|$)/i;

/** Lines that kho cannot honour allow nobody. */
export function readAllowedSigners(text: string): AllowedSigners {
  const allowed: AllowedSigners = { signers: [], notes: [] };
  if (text.length > LONGEST_SIGNERS) return { signers: [], notes: [`it has more than ${LONGEST_SIGNERS} characters`] };
  for (const [place, line] of text.split('\n').entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const signer = readSigner(line.trim());
    if (typeof signer === 'string') allowed.notes.push(`line ${place + 1}: ${signer}`);
    else allowed.signers.push(signer);
  }
  return allowed;
}

function readSigner(line: string): AllowedSigner | string {
  const [principals = '', ...words] = wordsOf(line);
  if (line.startsWith('-----BEGIN')) return 'is of a private key, and public ones are to stand there';
  if (KIND.test(principals)) return 'has a key and no name before it';
  const hasOptions = readKey(words).key === undefined && words.length > 2;
  const options = hasOptions ? optionsOf(words[0] ?? '') : new Map<string, string>();
  if (!options) return 'its options cannot be read';
  const read = readKey(hasOptions ? words.slice(1) : words);
  if (!read.key) return read.fault;
  if (options.has('cert-authority')) return 'authorities for certificates are not honoured: name the key that signs';
  for (const name of ['valid-after', 'valid-before']) {
    if (options.has(name)) {
      return `${name} is not honoured, since the clocks of small boards are wrong: take the line away when its time is over`;
    }
  }
  const unknown = [...options.keys()].find((name) => name !== 'namespaces');
  if (unknown !== undefined) return `the option ${JSON.stringify(unknown)} is not known`;
  const namespaces = options.get('namespaces')?.split(',');
  if (namespaces?.some((name) => /[*?!]/.test(name))) return 'patterns of namespaces are not honoured: name them';
  return { principals, ...(namespaces && { namespaces }), key: read.key };
}

/** Parted by blanks that are in no quotes. */
function wordsOf(line: string): string[] {
  return line.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
}

/** Names in small letters; undefined for what is none. */
function optionsOf(text: string): Map<string, string> | undefined {
  const options = new Map<string, string>();
  for (let rest = text; rest !== ''; ) {
    const [whole, name, value = ''] = OPTION.exec(rest) ?? [];
    if (whole === undefined || name === undefined) return undefined;
    options.set(name.toLowerCase(), value);
    rest = rest.slice(whole.length);
  }
  return options;
}

/** @param words the kind of the key, and its bytes in base64 */
function readKey([type = '', base64 = '']: readonly string[]): { key: SshKey } | { key?: never; fault: string } {
  if (type === '') return { fault: 'has no key' };
  if (!KIND.test(type)) return { fault: `has ${quoted(type)} where the kind of a key is to stand` };
  if (base64 === '') return { fault: `has no key behind ${type}` };
  const key = readSshKey(Buffer.from(base64, 'base64'));
  if (typeof key === 'string') return { fault: `has a key ${key}` };
  return key.type === type ? { key } : { fault: 'has a key of another kind than it says' };
}

/** Fingerprints of keys that count no longer. */
export type RevokedKeys = ReadonlySet<string>;

/** @param text a public key a line. @returns what is wrong with it, in words that follow the file's name: then nothing may be believed */
export function readRevokedKeys(text: string): RevokedKeys | string {
  if (text.startsWith('SSHKRL')) return 'is a KRL, which kho does not read: name the public keys, one a line';
  if (text.length > LONGEST_SIGNERS) return `has more than ${LONGEST_SIGNERS} characters`;
  const revoked = new Set<string>();
  for (const [place, line] of text.split('\n').entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const { key } = readKey(wordsOf(line.trim()));
    if (!key) return `has a line that is no public key: ${place + 1}`;
    revoked.add(key.fingerprint);
  }
  return revoked;
}

export interface SignatureRules {
  namespace: string;
  signers: readonly AllowedSigner[];
  revoked?: RevokedKeys;
}

/** @returns who signed these bytes, or why nobody did that may, in words that follow "the signature" */
export function allowedSigner(
  message: Uint8Array,
  signature: string,
  { namespace, signers, revoked }: SignatureRules,
): AllowedSigner | string {
  const key = signingKey(message, signature, namespace);
  if (typeof key === 'string') return key;
  const { fingerprint } = key;
  if (revoked?.has(fingerprint)) return `is by a key that was revoked: ${fingerprint}`;
  const ofKey = signers.filter((signer) => signer.key.fingerprint === fingerprint);
  if (ofKey.length === 0) return `is by a key that may not sign: ${fingerprint}`;
  const signer = ofKey.find(({ namespaces }) => namespaces?.includes(namespace) ?? true);
  return signer ?? `is by a key that may sign, but not for ${JSON.stringify(namespace)}: ${fingerprint}`;
}
