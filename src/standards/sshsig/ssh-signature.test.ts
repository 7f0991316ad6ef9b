import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allowedSigner, readAllowedSigners, readRevokedKeys } from './allowed-signers.ts';
import { signingKey } from './ssh-signature.ts';

const KINDS = [
  ['ed25519', []],
  ['ecdsa', ['-b', '256']],
  ['ecdsa', ['-b', '384']],
  ['ecdsa', ['-b', '521']],
  ['rsa', ['-b', '2048']],
] as const;

let folder: string;
const keygen = (...words: string[]) => execFileSync('ssh-keygen', words, { stdio: 'pipe' }).toString();
const keyPath = (kind: string, options: readonly string[] = []) => join(folder, [kind, ...options].join(''));
const publicKey = (path: string) => readFileSync(`${path}.pub`, 'utf8').trim();

function sign(path: string, message: string, options: readonly string[] = [], namespace = 'kho'): string {
  const file = join(folder, 'message');
  writeFileSync(file, message);
  rmSync(`${file}.sig`, { force: true });
  keygen('-Y', 'sign', '-f', path, '-n', namespace, ...options, file);
  return readFileSync(`${file}.sig`, 'utf8');
}

/** What OpenSSH says of the same question. */
function opensshSays(message: string, signature: string, signers: string, revoked?: string): boolean {
  const put = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const words = ['-Y', 'verify', '-f', put('signers', signers), '-I', 'an@example.vn', '-n', 'kho'];
  if (revoked !== undefined) words.push('-r', put('revoked', revoked));
  try {
    execFileSync('ssh-keygen', [...words, '-s', put('sig', signature)], { input: message, stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kho-sshsig-'));
  for (const [kind, options] of KINDS)
    keygen('-q', '-t', kind, ...options, '-N', '', '-C', 'an', '-f', keyPath(kind, options));
});
afterAll(() => rmSync(folder, { recursive: true }));

const MESSAGE = '{"format":1}\n';

for (const [kind, options] of KINDS) {
  const what = [kind, ...options].join(' ');
  test.each(['sha256', 'sha512'])(
    `signingKey() believes ssh-keygen's signature by ${what} with %s, and OpenSSH agrees`,
    (hash) => {
      const path = keyPath(kind, options);
      const signature = sign(path, MESSAGE, ['-O', `hashalg=${hash}`]);
      const key = signingKey(Buffer.from(MESSAGE), signature, 'kho');
      expect(key).toMatchObject({ type: publicKey(path).split(' ')[0] });
      expect(keygen('-l', '-f', `${path}.pub`)).toContain((key as { fingerprint: string }).fingerprint);
      expect(opensshSays(MESSAGE, signature, `an@example.vn ${publicKey(path)}`)).toBe(true);
    },
  );

  test(`signingKey() refuses each changed byte of a signature by ${what}, and other messages`, () => {
    const signature = sign(keyPath(kind, options), MESSAGE);
    expect(signingKey(Buffer.from(`${MESSAGE} `), signature, 'kho')).toBe('is not of these bytes');
    const lines = signature.trim().split('\n');
    const blob = Buffer.from(lines.slice(1, -1).join(''), 'base64');
    for (let place = 0; place < blob.length; place += 5) {
      const changed = Buffer.from(blob);
      changed[place]! ^= 1;
      const armoured = `${lines[0]}\n${changed.toString('base64')}\n${lines.at(-1)}\n`;
      expect(typeof signingKey(Buffer.from(MESSAGE), armoured, 'kho'), `byte ${place}`).toBe('string');
    }
  });
}

test.each<[string, string]>([
  ['nothing', ''],
  ['another armour', '-----BEGIN SSH PUBLIC KEY-----\nAAAA\n-----END SSH PUBLIC KEY-----\n'],
  ['an empty one', '-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n'],
  [
    'one that promises more than it has',
    `-----BEGIN SSH SIGNATURE-----\n${Buffer.concat([Buffer.from('SSHSIG'), Buffer.from([0, 0, 0, 1, 255, 255, 255, 255])]).toString('base64')}\n-----END SSH SIGNATURE-----\n`,
  ],
  ['one without end', `-----BEGIN SSH SIGNATURE-----\n${'A'.repeat(100_000)}\n-----END SSH SIGNATURE-----\n`],
])('signingKey() refuses %s', (_what, signature) => {
  expect(signingKey(Buffer.from(MESSAGE), signature, 'kho')).toMatch(/^is /);
});

test('signingKey() refuses what was signed for another purpose', () => {
  const signature = sign(keyPath('ed25519'), MESSAGE, [], 'git');
  expect(signingKey(Buffer.from(MESSAGE), signature, 'kho')).toContain('was made for "git", not for "kho"');
});

test('signingKey() refuses short RSA keys, which can be broken', () => {
  keygen('-q', '-t', 'rsa', '-b', '1024', '-N', '', '-f', keyPath('short'));
  expect(signingKey(Buffer.from(MESSAGE), sign(keyPath('short'), MESSAGE), 'kho')).toContain('with 1024 bits');
});

test.each<[string, string, boolean]>([
  ['a key', 'an@example.vn KEY', true],
  ['a key for this purpose', 'an@example.vn namespaces="kho" KEY', true],
  ['a key for several', 'an@example.vn,binh@example.vn NAMESPACES="git,kho" KEY a comment', true],
  ['comments and blanks', '# who\n\n   an@example.vn   KEY', true],
  ['a key for another purpose', 'an@example.vn namespaces="git" KEY', false],
  ['another key', 'an@example.vn OTHER', false],
  ['a key of another kind than it says', 'an@example.vn ssh-rsa BASE64', false],
  ['an authority', 'an@example.vn cert-authority KEY', false],
  ['nobody', '', false],
])('allowedSigner() and OpenSSH think the same of %s', (_what, text, isAllowed) => {
  const [key, other] = [publicKey(keyPath('ed25519')), publicKey(keyPath('rsa', ['-b', '2048']))];
  const signers = `${text
    .replace('KEY', key)
    .replace('OTHER', other)
    .replace('BASE64', key.split(' ')[1] ?? '')}\n`;
  const signature = sign(keyPath('ed25519'), MESSAGE);
  const rules = { namespace: 'kho', signers: readAllowedSigners(signers).signers };
  expect(typeof allowedSigner(Buffer.from(MESSAGE), signature, rules)).toBe(isAllowed ? 'object' : 'string');
  expect(opensshSays(MESSAGE, signature, signers)).toBe(isAllowed);
});

test.each<[string, string, string]>([
  ['an end in time', 'a valid-before="20300101" KEY', 'line 1: valid-before is not honoured'],
  ['a beginning in time', 'a valid-after="20200101Z",namespaces="kho" KEY', 'line 1: valid-after is not honoured'],
  ['an authority', 'a cert-authority KEY', 'line 1: authorities'],
  ['an option of tomorrow', 'a verify-required KEY', 'line 1: the option "verify-required" is not known'],
  ['options that are none', 'a namespaces=kho KEY', 'line 1: its options cannot be read'],
  ['patterns of purposes', 'a namespaces="k*" KEY', 'line 1: patterns of namespaces'],
  [
    'a key on a token',
    'a sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t',
    'line 1: has a key of a kind',
  ],
  ['a word', 'hello', 'line 1: has no key'],
  ['words', 'hello you', 'line 1: has "you" where the kind of a key is to stand'],
  ['options that blanks part', 'a namespaces="kho" valid-before="20300101" KEY', 'line 1: has "valid-before='],
  ['a key of nobody', 'KEY', 'line 1: has a key and no name before it'],
  ['half a line', 'a ssh-ed25519', 'line 1: has no key behind ssh-ed25519'],
  ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----', 'line 1: is of a private key'],
])('readAllowedSigners() allows nobody by %s, and says so', (_what, text, note) => {
  const { signers, notes } = readAllowedSigners(text.replace('KEY', publicKey(keyPath('ed25519'))));
  expect(signers).toEqual([]);
  expect(notes).toEqual([expect.stringContaining(note)]);
});

test('allowedSigner() refuses a key that was revoked, as OpenSSH does', () => {
  const key = publicKey(keyPath('ed25519'));
  const signature = sign(keyPath('ed25519'), MESSAGE);
  const { signers } = readAllowedSigners(`an@example.vn ${key}\n`);
  const revoked = readRevokedKeys(`# lost\n${key}\n`);
  if (typeof revoked === 'string') throw new Error(revoked);
  const rules = { namespace: 'kho', signers };
  expect(allowedSigner(Buffer.from(MESSAGE), signature, rules)).toMatchObject({ principals: 'an@example.vn' });
  expect(allowedSigner(Buffer.from(MESSAGE), signature, { ...rules, revoked })).toContain('was revoked');
  expect(opensshSays(MESSAGE, signature, `an@example.vn ${key}\n`, `${key}\n`)).toBe(false);
});

test.each<[string, string]>([
  ['SSHKRL\n\0\0', 'is a KRL'],
  ['hello', 'has a line that is no public key: 1'],
])('readRevokedKeys() refuses %j whole: who was revoked could not be told', (text, fault) => {
  expect(readRevokedKeys(text)).toContain(fault);
});
