/** Keys of ssh-keygen, that sign heads as people do. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface TestKey {
  /** `ssh-ed25519 AAAA…` */
  line: string;
  /** The private key: a path. */
  path: string;
  /** @returns what stands in a .sig */
  sign(message: Uint8Array): string;
}

/** Gone when the test ends. */
export function newSshKey(): TestKey {
  const folder = mkdtempSync(join(tmpdir(), 'kho-key-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const keygen = (...words: string[]) => execFileSync('ssh-keygen', words, { stdio: 'pipe' });
  keygen('-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(folder, 'key'));
  return {
    path: join(folder, 'key'),
    line: readFileSync(join(folder, 'key.pub'), 'utf8').trim(),
    sign(message) {
      const file = join(folder, 'message');
      writeFileSync(file, message);
      rmSync(`${file}.sig`, { force: true });
      keygen('-Y', 'sign', '-f', join(folder, 'key'), '-n', 'kho', file);
      return readFileSync(`${file}.sig`, 'utf8');
    },
  };
}
