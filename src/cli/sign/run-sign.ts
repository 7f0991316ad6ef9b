import { resolve } from 'node:path';
import { findSite } from '../../config/find-site.ts';
import { KhoError } from '../../errors.ts';
import { look, readStart } from '../../io/open-file.ts';
import { LONGEST_SIGNATURE } from '../../standards/sshsig/ssh-signature.ts';
import { headOfSignature, publishSigned, waitingHeads } from '../../sync/sign-heads.ts';
import { agentKeys, loadedKey, type Signature, signText } from '../../sync/ssh-keygen.ts';
import { openSite } from '../open-site.ts';
import { chooseSite } from '../site-argument.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';

interface SignOptions {
  site?: string | undefined;
  key?: string | undefined;
  signature?: string | undefined;
  json?: true | undefined;
}

/**
 * Signed by who typed it, who may be the only one to read the key; published by the owner of the site.
 *
 * @throws {KhoError} USAGE, and as `publishSigned`
 */
export async function runSign(site: string | undefined, options: SignOptions): Promise<void> {
  if (options.key !== undefined && options.signature !== undefined) {
    throw new KhoError('USAGE', 'Cannot use both --key and --signature', { hint: 'give the one, or the other' });
  }
  const chosen = chooseSite(site, options.site);
  const { root } = await findSite(chosen);
  const signatures = options.signature === undefined ? signAll(root, options.key) : given(root, options.signature);
  const { config, notes } = await openSite(chosen, 'writes');
  if (!options.json) terminal.say(notes.map((note) => `kho: ${note}`));
  const onWait = (holder: string) => terminal.say([`kho: waiting for ${holder}`]);
  const { signed, left } = await publishSigned(config, signatures, options.json ? {} : { onWait });
  if (options.json) terminal.stdout(printableJson({ site: config.root, signed, left }));
  else {
    const nothing = signed.length + left.length === 0 ? ['nothing waits to be signed'] : [];
    terminal.print([
      ...signed.map(
        ({ repository, counter, fingerprint }) => `${repository}: head ${counter} signed by ${fingerprint}`,
      ),
      ...left.map(({ repository, why }) => `${repository}: not signed: ${why}`),
      ...nothing,
    ]);
  }
  if (left.length > 0) process.exitCode = 1;
}

function signAll(root: string, key: string | undefined): Map<string, Signature | string> {
  const heads = waitingHeads(root);
  if (heads.length === 0) return new Map();
  const by = keyFor(key);
  return new Map(heads.map(({ sha256, text }) => [sha256, signText(text, by)]));
}

/** That of `--key`, or the one that systemd loaded, or the only one of ssh-agent. */
function keyFor(given: string | undefined): { path: string } | { publicKey: string } {
  const path = given === undefined ? loadedKey() : resolve(given);
  if (path !== undefined) {
    if (look(path)?.isFile()) return { path };
    throw new KhoError('USAGE', `Cannot sign with "${path}": it is no file`);
  }
  const keys = agentKeys();
  const hint = 'name one with --key FILE (a public key is enough where ssh-agent holds the private one)';
  if (typeof keys === 'string') throw new KhoError('USAGE', `Cannot sign without a key: ${keys}`, { hint });
  const [publicKey, ...others] = keys;
  if (publicKey !== undefined && others.length === 0) return { publicKey };
  throw new KhoError('USAGE', `Cannot tell which key to sign with: ssh-agent holds ${keys.length}`, { hint });
}

function given(root: string, file: string): Map<string, Signature | string> {
  const path = resolve(file);
  if (!look(path)?.isFile()) throw new KhoError('USAGE', `Cannot read "${path}": it is no file`);
  const found = headOfSignature(root, readStart(path, LONGEST_SIGNATURE).toString('latin1'));
  if (found) return new Map([[found.sha256, found.signature]]);
  throw new KhoError('USAGE', `Cannot use "${path}": it is a signature of none of the heads that wait`, {
    hint: 'sign .kho/to-sign/REPOSITORY/head.json of the site as it is now: ssh-keygen -Y sign -n kho -f KEY head.json',
  });
}
