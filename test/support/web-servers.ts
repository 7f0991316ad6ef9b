/** The real web servers of Debian's packages, each with kho's own configuration and a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runProgram } from './run-program.ts';
import type { Ability } from './server-contract/check.ts';
import { CACHE_DIR } from './tools.ts';

/** How a server is started with a configuration that was saved as `site.conf` in its folder. */
export interface WebServer {
  name: string;
  /** What it cannot do beside what no server of files can. */
  without: readonly Ability[];
  /** Names of checks that it fails for reasons which no configuration can mend. */
  except?: RegExp;
  /** Whether it leaves out links to files of somebody else than the link's owner. */
  guardsLinks: boolean;
  /** What it answers for a file that it may not read. */
  ofUnreadable: number;
  /** It would go on as root. */
  staysRoot?: true;
  /** What to give to `kho config`. */
  config: readonly string[];
  /** What an administrator does to the printed configuration. */
  adjust?(config: string): string;
  /** In which codings it sends pages that were packed beforehand. */
  sendsPacked: readonly ('gzip' | 'br')[];
  /** What an administrator has around it. @param folder its own */
  around(folder: string): string;
  /** @returns the words that check the file `all.conf`, and those that start with it, in the foreground */
  check(folder: string): string[];
  start(folder: string): string[];
}

const NGINX_AROUND = (folder: string) => `
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/error.log;
events {}
http {
  include ${['/etc/nginx/mime.types', '/usr/local/etc/nginx/mime.types'].find(existsSync)};
  default_type application/octet-stream;
  access_log ${folder}/access.log;
  gzip on;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/tmp;`).join('\n  ')}
  include ${folder}/site.conf;
}
`;

/** As Debian and its administrators have it, the traps too: everything is forbidden at first, and .gz is an encoding. */
const APACHE_AROUND = (folder: string) => `
ServerRoot ${folder}
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
User nobody
Group nogroup
ServerName localhost
${[
  'mpm_event',
  'proxy',
  'proxy_http',
  'authz_core',
  'rewrite',
  'headers',
  'deflate',
  'filter',
  'mime',
  'dir',
  'alias',
  'ssl',
  'http2',
  'socache_shmcb',
]
  .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
  .join('\n')}
SSLSessionCache shmcb:${folder}/ssl(512000)
TypesConfig /etc/mime.types
AddEncoding x-gzip .gz .tgz
AddLanguage pl .pl
<Directory />
  Options None
  AllowOverride None
  Require all denied
</Directory>
Include ${folder}/site.conf
`;

const TRIXIE = join(CACHE_DIR, 'debian', 'nginx-1.26');
const TRIXIE_LIBRARIES = join(TRIXIE, 'usr/lib/x86_64-linux-gnu');
const TRIXIE_NGINX = [
  join(TRIXIE_LIBRARIES, 'ld-linux-x86-64.so.2'),
  '--library-path',
  TRIXIE_LIBRARIES,
  join(TRIXIE, 'usr/sbin/nginx'),
];
const CADDY = join(CACHE_DIR, 'debian', 'caddy', 'usr/bin/caddy');

/** Built for the nginx of Debian 12. */
const BROTLI_STATIC = join(CACHE_DIR, 'debian/nginx-brotli/usr/lib/nginx/modules/ngx_http_brotli_static_module.so');

/** @param brotli a module that it loads */
function nginx(name: string, program: string[], version: string, brotli?: string): WebServer {
  const words = (folder: string) => [...program, '-e', join(folder, 'error.log'), '-c', join(folder, 'all.conf')];
  return {
    name,
    without: [],
    guardsLinks: true,
    ofUnreadable: 404,
    config: ['nginx', '--nginx-version', version],
    ...(brotli !== undefined && { adjust: (text: string) => text.replaceAll('# brotli_static o', 'brotli_static o') }),
    sendsPacked: brotli === undefined ? ['gzip'] : ['gzip', 'br'],
    around: (folder) => (brotli === undefined ? '' : `load_module ${brotli};\n`) + NGINX_AROUND(folder),
    check: (folder) => [...words(folder), '-t'],
    start: words,
  };
}

export const WEB_SERVERS: WebServer[] = [
  nginx('nginx 1.22', ['/usr/sbin/nginx'], '1.22.1', BROTLI_STATIC),
  nginx('nginx 1.26', TRIXIE_NGINX, '1.26.3'),
  {
    name: 'Apache',
    // It leaves Content-Range out of 416.
    except: /^ranges that cannot be answered$/,
    without: [],
    guardsLinks: true,
    ofUnreadable: 403,
    config: ['apache'],
    sendsPacked: ['gzip', 'br'],
    around: APACHE_AROUND,
    check: (folder) => ['/usr/sbin/apache2', '-f', join(folder, 'all.conf'), '-t'],
    start: (folder) => ['/usr/sbin/apache2', '-f', join(folder, 'all.conf'), '-D', 'FOREGROUND'],
  },
  {
    name: 'Caddy',
    // It compresses, but its ETag stays the same.
    without: ['compression'],
    // It answers a HEAD whose path cannot be decoded with 400, and a body; and takes headers of a megabyte.
    except: /%(?:zz|u002e)|\/% is refused|a header without end/,
    guardsLinks: false,
    staysRoot: true,
    ofUnreadable: 404,
    config: ['caddy'],
    sendsPacked: ['gzip', 'br'],
    around: (folder) =>
      `{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\nimport ${folder}/site.conf\n`,
    check: (folder) => [CADDY, 'validate', '--adapter', 'caddyfile', '--config', join(folder, 'all.conf')],
    start: (folder) => [CADDY, 'run', '--adapter', 'caddyfile', '--config', join(folder, 'all.conf')],
  },
];

/** Root only by name: it may not read what belongs to others. */
const WITHOUT_POWERS = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];

export interface RunningWebServer {
  /** What the server said when it checked its configuration. */
  checked: string;
  stop(): Promise<void>;
}

/**
 * Start a server with the text of a configuration, and wait until something listens on the port.
 *
 * @throws {Error} with what the server said, when it refuses the configuration or does not start
 */
export async function startWebServer(server: WebServer, config: string, port: number): Promise<RunningWebServer> {
  const folder = await mkdtemp(join(tmpdir(), 'kho-web-'));
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'tmp'));
  await writeFile(join(folder, 'site.conf'), config);
  await writeFile(join(folder, 'all.conf'), server.around(folder));
  const env = { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const [checker = '', ...checkWords] = server.check(folder);
  const check = await runProgram(checker, checkWords, { env });
  const checked = `${check.stdout}${check.stderr}`;
  if (check.exitCode !== 0) throw new Error(`${server.name} refuses its configuration:\n${checked}`);

  const [program = '', ...words] = server.start(folder);
  const command =
    server.staysRoot && process.getuid?.() === 0 ? [...WITHOUT_POWERS, program, ...words] : [program, ...words];
  const child = spawn(command[0] as string, command.slice(1), { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  if (!(await answers(child, port))) {
    child.kill('SIGKILL');
    const errors = await readFile(join(folder, 'error.log'), 'utf8').catch(() => '');
    throw new Error(`${server.name} did not start\n${output}${errors}`);
  }
  return {
    checked,
    async stop() {
      const ended = once(child, 'exit');
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await ended;
      }
      await rm(folder, { recursive: true });
    },
  };
}

async function answers(child: ChildProcess, port: number): Promise<boolean> {
  for (let tries = 0; tries < 200 && child.exitCode === null; tries++) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (isUp) return true;
    await sleep(50);
  }
  return false;
}
