/** Signatures by the system's own ssh-keygen: kho never reads a private key. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePrivateFolder, removeFolder, writeNewFile } from '../io/disk.ts';
import { look, readStart } from '../io/open-file.ts';
import { runProgram } from '../io/run-program.ts';
import { temporaryName } from '../io/temporary-name.ts';
import { LONGEST_SIGNATURE, signingKey } from '../standards/sshsig/ssh-signature.ts';
import { KEY_CREDENTIAL, SIGNATURE_NAMESPACE } from '../sync-format/head.ts';

/** Somebody may have to type a passphrase, or touch a token. */
const PATIENCE_MS = 120_000;

export interface Signature {
  text: string;
  /** Of the key: `SHA256:…`. */
  fingerprint: string;
}

/** The key that systemd loaded for this unit, if any. */
export function loadedKey(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const folder = environment['CREDENTIALS_DIRECTORY'];
  const path = folder === undefined ? undefined : join(folder, KEY_CREDENTIAL);
  return path !== undefined && look(path)?.isFile() ? path : undefined;
}

/** The public keys that ssh-agent holds, a line each; a text says why there are none. */
export function agentKeys(): string[] | string {
  const run = runProgram('ssh-add', ['-L'], { timeoutMs: PATIENCE_MS });
  if (run === undefined) return 'there is no ssh-add (package openssh-client)';
  if (run.status !== 0) return (run.stderr || run.stdout).trim() || 'ssh-agent does not answer';
  return run.stdout.split('\n').filter((line) => line !== '');
}

/**
 * Sign a text, and look whether what came is a signature of it.
 *
 * @param key a path, absolute: of a private key, or of a public one whose private one ssh-agent holds; or the text of such a public one
 * @returns why that could not be, in words
 */
export function signText(text: string, key: { path: string } | { publicKey: string }): Signature | string {
  const folder = join(tmpdir(), temporaryName());
  makePrivateFolder(folder, 0o700);
  try {
    const file = join(folder, 'head.json');
    writeNewFile(file, text);
    const keyPath = 'path' in key ? key.path : join(folder, 'key.pub');
    if ('publicKey' in key) writeNewFile(keyPath, `${key.publicKey}\n`);
    const words = ['-Y', 'sign', '-q', '-n', SIGNATURE_NAMESPACE, '-f', keyPath, file];
    const run = runProgram('ssh-keygen', words, { timeoutMs: PATIENCE_MS });
    if (run === undefined) return 'there is no ssh-keygen (package openssh-client)';
    if (run.status !== 0) return `ssh-keygen says: ${run.stderr.trim().split('\n').at(-1) ?? ''}`;
    const signature = readStart(`${file}.sig`, LONGEST_SIGNATURE).toString('latin1');
    return checked(text, signature);
  } finally {
    removeFolder(folder);
  }
}

/** A signature from elsewhere, where it is one of this text. @returns what is wrong with it, in words */
export function checked(text: string, signature: string): Signature | string {
  const key = signingKey(Buffer.from(text), signature, SIGNATURE_NAMESPACE);
  return typeof key === 'string' ? `the signature ${key}` : { text: signature, fingerprint: key.fingerprint };
}
