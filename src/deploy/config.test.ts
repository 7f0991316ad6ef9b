import { expect, test } from 'vitest';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { apacheConfig } from './config-apache.ts';
import { caddyConfig } from './config-caddy.ts';
import { cronConfig } from './config-cron.ts';
import { nginxConfig } from './config-nginx.ts';
import { systemdConfig } from './config-systemd.ts';
import { type ServingOptions, servedSite } from './deployed-site.ts';

const repository = (name: string, folder = `/srv/PyPI/${name}`): RepositoryConfig => ({
  name,
  folder,
  packages: `${folder}/packages`,
  include: [],
  projects: new Map(),
});

function site(more: Partial<SiteConfig> = {}): SiteConfig {
  return { root: '/srv/PyPI', title: 'T', repositories: [repository('glibc')], ...more } as SiteConfig;
}

const served = (options: ServingOptions = {}, more: Partial<SiteConfig> = {}) => servedSite(site(more), options);

const MODULES = { gzipStatic: true, brotliStatic: false };

const ALL = {
  nginx: (options?: ServingOptions, more?: Partial<SiteConfig>) =>
    nginxConfig(served(options, more), { nginxVersion: '1.22.1', modules: MODULES }),
  apache: (options?: ServingOptions, more?: Partial<SiteConfig>) => apacheConfig(served(options, more)),
  caddy: (options?: ServingOptions, more?: Partial<SiteConfig>) => caddyConfig(served(options, more)),
};
const EACH = Object.entries(ALL);

test.each([
  [{}, { host: 'packages.example.org', port: 443, isHttps: true, isHostKnown: false, prefix: '' }],
  [{ url: 'http://LocalHost:8080/a/b.c/' }, { host: 'localhost', port: 8080, isHttps: false, prefix: '/a/b.c' }],
  [{ url: 'https://[::1]' }, { host: '[::1]', port: 443 }],
  [{ out: '/var/www' }, { folder: '/var/www' }],
])('servedSite() reads %j', (options, expected) => {
  expect(served(options)).toMatchObject(expected);
});

test.each([
  [{ url: 'ftp://x' }],
  [{ url: 'https://a$b/' }],
  [{ url: 'https://a;b/' }],
  [{ url: 'https://a/(b)' }],
  [{ url: 'https://a/%22' }],
  [{ url: 'https://a/../.b' }],
  [{ listen: '8080' }],
  [{ listen: '127.0.0.1:0' }],
  [{ listen: 'x;y:80' }],
  [{ listen: '127.0.0.1:65536' }],
])('servedSite() refuses %j', (options) => {
  expect(() => served(options)).toThrow(/^Cannot /);
});

test('servedSite() takes url from kho.toml, and the one it is given first', () => {
  const url = 'https://packages.farm.vn';
  expect(served({}, { url })).toMatchObject({ host: 'packages.farm.vn', isHostKnown: true });
  expect(served({ url: 'https://other.vn' }, { url }).host).toBe('other.vn');
});

test.each(EACH)('%s: has the host, the folder and where certbot and acme.sh put certificates', (_name, config) => {
  const text = config({ url: 'https://packages.farm.vn' });
  expect(text).toContain('"/srv/PyPI"');
  expect(text).toContain('/etc/letsencrypt/live/packages.farm.vn/fullchain.pem');
  expect(text).toContain('/packages.farm.vn/key.pem');
  expect(text).not.toMatch(/undefined|\[object|NaN/);
  expect(text).not.toContain('CHANGE THIS');
});

test.each(EACH)('%s: says that the host is an example when it is not known', (_name, config) => {
  expect(config()).toMatch(/CHANGE THIS/);
});

test.each(EACH)(
  '%s: takes folders with spaces, quotes and other letters, and refuses what means something',
  (name, config) => {
    expect(config({ out: '/srv/my "packages" é' })).toContain('"/srv/my \\"packages\\" é"');
    const odd = { nginx: '/srv/$host', apache: '/srv/%{HTTP_HOST}', caddy: '/srv/{env.HOME}' }[name] ?? '';
    expect(() => config({ out: odd })).toThrow('means something there');
    expect(() => config({ out: '/srv/a\n}' })).toThrow('means something there');
  },
);

test.each(EACH)('%s: without https there is no TLS', (_name, config) => {
  expect(config({ url: 'http://packages.farm.vn' })).not.toMatch(/ssl|tls |letsencrypt/i);
});

test.each([
  ['1.22.1', / ssl http2;/, /^ {4}http2 on;/m],
  ['1.25.0', / ssl http2;/, /^ {4}http2 on;/m],
  ['1.25.1', /^ {4}http2 on;/m, / ssl http2;/],
  ['1.26.3', /^ {4}http2 on;/m, / ssl http2;/],
  ['2.0.0', /^ {4}http2 on;/m, / ssl http2;/],
])('nginxConfig() for %s switches HTTP/2 on in its way', (nginxVersion, has, hasNot) => {
  const text = nginxConfig(served({ url: 'https://x.vn' }), { nginxVersion, modules: MODULES }).replace(
    /^ *#.*$/gm,
    '',
  );
  expect(text).toMatch(has);
  expect(text).not.toMatch(hasNot);
});

test('links to other disks are followed only where there are such', () => {
  const linked = { repositories: [repository('glibc'), repository('big', '/mnt/big')] };
  expect(ALL.nginx()).toMatch(/^ {4}disable_symlinks/m);
  expect(ALL.nginx({}, linked)).not.toMatch(/^ {4}disable_symlinks/m);
  expect(ALL.nginx({}, linked)).toContain('# big: linked to');
  expect(ALL.nginx({}, { ...linked, precompress: true })).toContain('# big: linked to');
  expect(ALL.nginx({ out: '/var/www' }, linked)).toMatch(/^ {4}disable_symlinks/m);
  expect(ALL.apache()).toMatch(/Options SymLinksIfOwnerMatch$/m);
  expect(ALL.apache({}, linked)).toMatch(/Options FollowSymLinks$/m);
});

const UPLOAD = { maxFile: 1, keepFree: 1, allowHttp: false };
const LAB = { ...repository('lab'), private: true as const };

test.each(EACH)('%s: leaves nothing to kho serve unless it takes uploads or something is private', (_name, config) => {
  expect(config({ url: 'https://x.vn' })).not.toMatch(/kho\.sock|proxy_pass|reverse_proxy|ProxyPass|\[P,/);
  expect(config({ url: 'https://x.vn', out: '/var/www' }, { upload: UPLOAD })).not.toContain('kho.sock');
});

test.each(EACH)(
  '%s: passes on what is posted before it redirects anything, and says at port 80 to use https',
  (_name, config) => {
    const text = config({ url: 'https://x.vn/p', socket: '/run/a/b.sock' }, { upload: UPLOAD });
    expect(text).toContain('/run/a/b.sock');
    expect(text).toContain('Upload to https://x.vn/: a token');
    const main =
      text
        .slice(text.search(/POST/))
        .split(/^server \{|^\s*RewriteMap|^\troute \{/m)
        .at(-1) ?? '';
    const redirect = main.search(/permanent|R=301|\bredir\b/);
    expect(main.search(/POST/)).toBeGreaterThan(-1);
    expect(main.search(/POST/)).toBeLessThan(redirect);
  },
);

test.each(EACH)('%s: only it says for whom it asks', (_name, config) => {
  const text = config({ url: 'https://x.vn' }, { upload: UPLOAD, repositories: [LAB] });
  expect(text).toMatch(/X-Forwarded-Prefix ""|unset X-Forwarded-Prefix|-X-Forwarded-Prefix/);
});

test('nginxConfig() asks in each place that sends a file, where something is private', () => {
  const text = ALL.nginx({ url: 'https://x.vn/p' }, { repositories: [repository('glibc'), LAB] });
  for (const [, place = ''] of text.matchAll(/^ {4}location (.*\n(?: {8}.*\n)*?) {4}\}/gm)) {
    const sends = /try_files/.test(place) && !place.startsWith('= /project/404.html'); // that anybody may read
    expect([place, place.includes('auth_request /p/.kho-may-read;')]).toEqual([place, sends]);
  }
  expect(text.match(/auth_request \/p/g)?.length).toBe(10);
});

test.each(['kho.sock', '/run/a b', '/run/../x', '/run/a|b', '/run/$x', `/${'x'.repeat(107)}`])(
  'servedSite() refuses the socket %j',
  (socket) => {
    expect(() => served({ socket })).toThrow('Cannot use the socket');
  },
);

test('systemdConfig() behind a web server listens on a socket, for which systemd makes the folder, and nowhere else', () => {
  const text = systemdConfig(served(), { ...SERVICE, kind: 'behind' });
  expect(text).toContain('serve /srv/PyPI --socket /run/kho/kho.sock\n');
  expect(text).toContain('RuntimeDirectory=kho\nRuntimeDirectoryMode=0755\n');
  expect(text).toContain('RestrictAddressFamilies=AF_UNIX\n');
  const elsewhere = systemdConfig(served(), { ...SERVICE, kind: 'behind', socket: '/srv/run/b.sock' });
  expect(elsewhere).toContain('ReadWritePaths=/srv/PyPI /srv/run\n');
  expect(elsewhere).not.toContain('RuntimeDirectory');
});

test('systemdConfig() has a process of its own sign, which alone gets the key, where heads are signed', () => {
  const text = systemdConfig(served(), { ...SERVICE, kind: 'behind', signs: true });
  const [service = '', signing = ''] = text.split('# ---- /etc/systemd/system/kho-sign.service');
  expect(service).not.toMatch(/credential|sign/i);
  expect(signing).toContain('LoadCredential=kho-signing-key:/etc/kho/signing-key\n');
  expect(signing).toContain(' sign /srv/PyPI\n');
  expect(signing).toContain('PrivateNetwork=true\n');
  expect(signing).toContain('# ---- /etc/systemd/system/kho-sign.timer\n');
  expect(systemdConfig(served(), { ...SERVICE, kind: 'behind' })).not.toContain('kho-sign');
});

const SERVICE = {
  program: ['/usr/bin/node', '/usr/lib/kho.js'] as const,
  site: '/srv/PyPI',
  linkedFolders: [],
  user: 'kho',
  group: 'pypi',
};

test.each([
  ['watch', '/usr/bin/node /usr/lib/kho.js watch /srv/PyPI'],
  ['serve', '/usr/bin/node /usr/lib/kho.js serve /srv/PyPI --host 127.0.0.1 --port 8080'],
  ['socket', '/usr/bin/node /usr/lib/kho.js serve /srv/PyPI'],
] as const)('systemdConfig() of %s runs kho', (kind, command) => {
  const text = systemdConfig(served(), { ...SERVICE, kind });
  expect(text).toContain(`ExecStart=${command}\n`);
  expect(text).toContain('ReadWritePaths=/srv/PyPI\n');
  expect(text.includes('ListenStream=127.0.0.1:8080')).toBe(kind === 'socket');
  expect(text).not.toMatch(/^MemoryDenyWriteExecute/m);
});

test('systemdConfig() has the network and the credentials of a bucket only where kho.toml names one', () => {
  const watching = (more: Partial<SiteConfig>) => systemdConfig(served({}, more), { ...SERVICE, kind: 'watch' });
  expect(watching({})).not.toMatch(/bucket|network-online|AF_INET/);
  const text = watching({ publish: 's3://packages' });
  expect(text).toContain('\nEnvironmentFile=-/etc/kho/bucket.env\n');
  expect(text).toContain('\nAfter=network-online.target\nWants=network-online.target\n');
  expect(text).toContain('\nRestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n');
  expect(text).not.toContain('AWS_CONFIG_FILE');
  expect(watching({ publish: 's3://packages', bucket: { profile: 'ci' } })).toContain(
    'AWS_CONFIG_FILE=/etc/kho/aws/config',
  );
});

test('systemdConfig() writes every path as systemd reads it, and lets a port below 1024 be bound', () => {
  const options = {
    ...SERVICE,
    site: '/srv/my $HOME 100% "x"',
    linkedFolders: ['/mnt/big disk'],
    kind: 'serve',
  } as const;
  const text = systemdConfig(served({ listen: '0.0.0.0:80' }), options);
  expect(text).toContain(`serve "/srv/my $$HOME 100%% \\"x\\"" --host 0.0.0.0 --port 80\n`);
  expect(text).toContain(`ReadWritePaths="/srv/my $HOME 100%% \\"x\\"" "/mnt/big disk"\n`);
  expect(text).toContain('AmbientCapabilities=CAP_NET_BIND_SERVICE\n');
});

test('systemdConfig() lets kho be read where it lies in a home', () => {
  const options = { ...SERVICE, program: ['/home/x/.nvm/node', '/home/x/kho.js'], kind: 'watch' } as const;
  expect(systemdConfig(served(), options)).toContain('ProtectHome=read-only\n');
});

test('cronConfig() quotes for the shell, and for cron', () => {
  expect(cronConfig(SERVICE)).toMatch(
    /^\*\/5 \* \* \* \* {2}kho {2}\/usr\/bin\/node \/usr\/lib\/kho.js build \/srv\/PyPI --quiet$/m,
  );
  expect(cronConfig({ ...SERVICE, out: '/srv/www' })).toContain('build /srv/PyPI --out /srv/www --quiet');
  const odd = cronConfig({ ...SERVICE, site: "/srv/it's 100%" });
  expect(odd).toContain(`build '/srv/it'\\''s 100\\%' --quiet`);
  expect(() => cronConfig({ ...SERVICE, site: '/srv/a\nb' })).toThrow('more than one line');
});

test.each(EACH)('%s: packed pages are looked for only where kho writes them', (_name, config) => {
  const has = /gzip_static|brotli|precompressed|KHO_PACKED/;
  expect(config()).not.toMatch(has);
  expect(config({}, { precompress: true })).toMatch(has);
});

test.each([
  [{ gzipStatic: true, brotliStatic: true }, ['gzip_static on', 'brotli_static on'], []],
  [{ gzipStatic: true, brotliStatic: false }, ['gzip_static on'], ['brotli_static on']],
  [{ gzipStatic: false, brotliStatic: false }, [], ['gzip_static on', 'brotli_static on']],
])('nginxConfig() uses of %j what is there', (modules, used, unused) => {
  const text = nginxConfig(served({}, { precompress: true }), { nginxVersion: '1.26.3', modules });
  for (const line of used) expect(text).toMatch(new RegExp(`^ {4}${line};`, 'm'));
  for (const line of unused) expect(text).toMatch(new RegExp(`^ {4}# ${line};`, 'm'));
  // Never on packages: a stray FILE.whl.gz must not be sent in the place of FILE.whl.
  const packages = /location ~ "[^"]*packages[\s\S]*?\n {4}\}/.exec(text)?.[0] ?? '';
  for (const line of used) expect(packages).toContain(line.replace(' on', ' off;'));
  expect(packages).toMatch(/^ {8}disable_symlinks/m);
});

test.each(['serve', 'behind', 'watch', 'socket'] as const)(
  'systemdConfig() of %s takes little memory where the site follows another',
  (kind) => {
    const [text, usual] = [true, false].map((follows) => systemdConfig(served(), { ...SERVICE, kind, follows }));
    expect(text).toMatch(/^ExecStart=\/usr\/bin\/node --max-semi-space-size=2 \/usr\/lib\/kho.js /m);
    expect(text).toContain('Environment=MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=65536\n');
    expect(usual).toContain('ExecStart=/usr/bin/node /usr/lib/kho.js ');
    expect(usual).toContain('Environment=MALLOC_ARENA_MAX=2\n');
  },
);

test('systemdConfig() to follow is a timer that lets no two boards ask at once, and a service that may be stopped any time', () => {
  const text = systemdConfig(served(), { ...SERVICE, kind: 'follow' });
  const [node, kho] = SERVICE.program;
  expect(text).toMatch(new RegExp(`^ExecStart=${node} --max\\S+ .*${kho} pull --site ${SERVICE.site}$`, 'm'));
  for (const line of ['RandomizedDelaySec=30min', 'Persistent=true', 'Type=oneshot', 'SuccessExitStatus=1'])
    expect(text).toContain(`${line}\n`);
  expect(text).toContain(`ReadWritePaths=${SERVICE.site}`);
  expect(text).toContain('RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n');
});
