import { readdirSync } from 'node:fs';
import { runProgram } from '../io/run-program.ts';
import type { NginxOptions } from './config-nginx.ts';

/** Servers are in folders that only root has on its PATH. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Where Debian says which modules nginx loads: a link for each, `50-mod-http-brotli-static.conf`. */
const ENABLED_MODULES = '/etc/nginx/modules-enabled';

/** Of a reader that has not said which nginx it is for, nor has one: as all distributions build it. */
const CURRENT: NginxOptions = { nginxVersion: '1.26.0', modules: { gzipStatic: true, brotliStatic: false } };

/** The one that was asked for; else that of this machine, else a current one. */
export function thatNginx(nginxVersion: string | undefined): NginxOptions {
  return nginxVersion === undefined ? (installedNginx() ?? CURRENT) : { ...CURRENT, nginxVersion };
}

/** The nginx on this machine; undefined when there is none. */
function installedNginx(): NginxOptions | undefined {
  const about = runProgram('nginx', ['-V'], { timeoutMs: 5000, alsoIn: SYSTEM_FOLDERS });
  return readNginx(about?.stderr ?? '', enabledModules());
}

/**
 * @param about what `nginx -V` says
 * @param enabled names of files that load modules
 */
export function readNginx(about: string, enabled: readonly string[]): NginxOptions | undefined {
  const nginxVersion = /nginx\/(\d+\.\d+\.\d+)/.exec(about)?.[1];
  if (nginxVersion === undefined) return undefined;
  const gzipStatic = about.includes('--with-http_gzip_static_module');
  const builtIn = /--add-module=\S*brotli/.test(about);
  const brotliStatic = builtIn || enabled.some((name) => /brotli-static|brotli\.conf$/.test(name));
  return { nginxVersion, modules: { gzipStatic, brotliStatic } };
}

function enabledModules(): string[] {
  try {
    return readdirSync(ENABLED_MODULES);
  } catch {
    return [];
  }
}
