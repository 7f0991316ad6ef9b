/** Whether somebody signed a head who may: a head that nobody may have signed is believed by nobody. */
import { KhoError } from '../errors.ts';
import {
  type AllowedSigner,
  allowedSigner,
  type RevokedKeys,
  readAllowedSigners,
  readRevokedKeys,
} from '../standards/sshsig/allowed-signers.ts';
import { SIGNATURE_NAMESPACE } from '../sync-format/head.ts';
import type { Centre } from './centre.ts';

export interface Signers {
  signers: readonly AllowedSigner[];
  revoked?: RevokedKeys;
  /** What of the file does not count: one line each, no full stop. */
  notes: string[];
}

interface SignersFile {
  text: string;
  /** Its path. */
  shown: string;
}

/** @throws {KhoError} CONFIG for what allows nobody, or cannot be read to its end */
export function readSigners({ text, shown }: SignersFile, revokedKeys?: SignersFile): Signers {
  const { signers, notes } = readAllowedSigners(text);
  if (signers.length === 0) {
    throw new KhoError(
      'CONFIG',
      `Cannot use "${shown}": it allows nobody to sign${notes[0] === undefined ? '' : `; ${notes[0]}`}`,
      {
        hint: 'a line each, as ssh-keygen has it: NAME namespaces="kho" ssh-ed25519 KEY',
      },
    );
  }
  const revoked = revokedKeys && readRevokedKeys(revokedKeys.text);
  if (typeof revoked === 'string')
    throw new KhoError('CONFIG', `Cannot use "${revokedKeys?.shown}": it ${revoked}`, { hint: 'a public key a line' });
  return { signers, notes: notes.map((note) => `${shown}: ${note}`), ...(revoked && { revoked }) };
}

/** @param signature absent where the centre has none. @throws {KhoError} UPSTREAM */
export function checkSignature(
  head: Uint8Array,
  signature: string | undefined,
  { signers, revoked }: Signers,
  { repository, shown }: Pick<Centre, 'repository' | 'shown'>,
): void {
  const signer =
    signature === undefined
      ? 'is not there'
      : allowedSigner(head, signature, { namespace: SIGNATURE_NAMESPACE, signers, ...(revoked && { revoked }) });
  if (typeof signer !== 'string') return;
  throw new KhoError('UPSTREAM', `Cannot follow "${repository}" of ${shown}: the signature of its head ${signer}`, {
    hint: 'nothing was changed here; sign it there (kho sign), or see who may sign in the file of allowed signers',
  });
}
