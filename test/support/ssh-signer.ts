import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Somebody with a key of their own, who signs as ssh-keygen does. */
export function signedBy(name: string): { allowed: string; sign(bytes: Uint8Array): string } {
  const folder = mkdtempSync(join(tmpdir(), 'kho-signer-'));
  const key = join(folder, name);
  const keygen = (...words: string[]) => execFileSync('ssh-keygen', words, { stdio: 'pipe' });
  keygen('-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key);
  return {
    allowed: `${name}@example.vn namespaces="kho" ${readFileSync(`${key}.pub`, 'utf8')}`,
    sign(bytes) {
      const message = join(folder, 'message');
      writeFileSync(message, bytes);
      rmSync(`${message}.sig`, { force: true });
      keygen('-Y', 'sign', '-f', key, '-n', 'kho', message);
      return readFileSync(`${message}.sig`, 'utf8');
    },
  };
}
