/** Clients that are pointed at kho see nothing of the machine's own settings: no PIP_*, no UV_*, no configuration files. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ClientEnvironment {
  /** The client's home, temporary and empty at first; the test removes it. */
  home: string;
  env: Record<string, string>;
}

/** An environment that holds only what is given here. */
export function clientEnvironment(more: Record<string, string> = {}): ClientEnvironment {
  const home = mkdtempSync(join(tmpdir(), 'kho-client-'));
  const temporary = join(home, 'tmp');
  mkdirSync(temporary);
  return {
    home,
    env: {
      HOME: home,
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      TMPDIR: temporary,
      PIP_CONFIG_FILE: '/dev/null',
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      UV_NO_CONFIG: '1',
      // uv would look for Pythons to download, Poetry and PDM for a keyring of the desktop.
      UV_PYTHON_DOWNLOADS: 'never',
      PYTHON_KEYRING_BACKEND: 'keyring.backends.null.Keyring',
      PDM_CHECK_UPDATE: '0',
      NO_COLOR: '1',
      ...more,
    },
  };
}
