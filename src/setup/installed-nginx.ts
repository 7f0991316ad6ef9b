import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';

/** Servers are in folders that only root has on its PATH. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The version of the nginx on this machine: `1.22.1`. Undefined when there is none. */
export function installedNginxVersion(): string | undefined {
  const PATH = [process.env['PATH'] ?? '', ...SYSTEM_FOLDERS].join(delimiter);
  const { stderr } = spawnSync('nginx', ['-v'], { encoding: 'utf8', timeout: 5000, env: { ...process.env, PATH } });
  return /nginx\/(\d+\.\d+\.\d+)/.exec(stderr ?? '')?.[1];
}
