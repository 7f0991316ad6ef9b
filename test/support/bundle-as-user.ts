import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** For a whole test file: kho, where anybody may run it. The project's own folder may be closed to others. */
export function bundleAsUser(as: { uid?: number; gid?: number }) {
  let folder: string;
  let bundle: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kho-bundle-'));
    chmodSync(folder, 0o755);
    bundle = join(folder, 'kho.cjs');
    copyFileSync(join(import.meta.dirname, '../../dist/kho.js'), bundle);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    path: () => bundle,
    run: (...words: string[]) =>
      spawnSync(process.execPath, [bundle, ...words], {
        ...{ encoding: 'utf8', cwd: '/', env: { PATH: process.env['PATH'] } },
        ...as,
      }),
  };
}
