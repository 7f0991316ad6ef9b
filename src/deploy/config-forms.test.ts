import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { apacheConfig } from './config-apache.ts';
import { caddyConfig } from './config-caddy.ts';
import { cloudflareConfig } from './config-cloudflare.ts';
import { cloudfrontConfig } from './config-cloudfront.ts';
import { cronConfig } from './config-cron.ts';
import { CONFIGURATIONS, type ConfiguredProgram, formLine, formOf, oldConfigurations } from './config-forms.ts';
import { nginxConfig } from './config-nginx.ts';
import { nginxBucketConfig } from './config-nginx-bucket.ts';
import { systemdConfig } from './config-systemd.ts';
import { type DeployedSite, servedSite } from './deployed-site.ts';
import { edgeSite } from './edge/edge-site.ts';
import { s3Policy } from './s3-policy.ts';

const SITE = { root: '/srv/PyPI', title: 'T', repositories: [], precompress: true } as unknown as SiteConfig;
const PRIVATE = { name: 'lab', folder: '/srv/PyPI/lab', include: [], projects: new Map(), private: true };
const PULLING = { name: 'glibc', folder: '/srv/PyPI/glibc', include: [], projects: new Map(), upstreams: ['public'] };
const UPLOAD = { maxFile: 1, keepFree: 1, allowHttp: false };
const [SERVED, ...LIVE] = [
  SITE,
  { ...SITE, upload: UPLOAD },
  { ...SITE, upload: UPLOAD, repositories: [{ ...PRIVATE, private: true as const }] },
  { ...SITE, repositories: [PULLING] },
].map((site) => servedSite(site, { url: 'https://packages.example.org/p' })) as [DeployedSite, ...DeployedSite[]];
const SERVICE = {
  program: ['/node', '/kho.js'],
  site: '/srv/PyPI',
  linkedFolders: [],
  user: 'kho',
  group: 'kho',
} as const;
const MODULES = { gzipStatic: true, brotliStatic: true };

const ADDRESS = { url: 'https://packages.example.org/p' };
const EDGE = edgeSite(SITE, 's3://team-packages/python', ADDRESS);
const EDGE_LIVE = edgeSite(
  { ...SITE, pages: false, repositories: [{ ...PRIVATE, private: true }] },
  's3://team-packages',
  ADDRESS,
);

const WRITTEN: Record<ConfiguredProgram, string> = {
  nginx: nginxConfig(SERVED, { nginxVersion: '1.26.0', modules: MODULES }),
  caddy: caddyConfig(SERVED),
  apache: apacheConfig(SERVED),
  systemd: systemdConfig(SERVED, { ...SERVICE, kind: 'socket' }),
  cron: cronConfig(SERVICE),
  'nginx-bucket': nginxBucketConfig(EDGE, { nginxVersion: '1.26.0' }),
  cloudfront: cloudfrontConfig(EDGE),
  cloudflare: cloudflareConfig(EDGE),
  's3-policy': s3Policy(EDGE),
};

/** The same for sites that take uploads, and have something private: these are written in the same forms. */
const WRITTEN_LIVE: Partial<Record<ConfiguredProgram, string[]>> = {
  nginx: LIVE.map((site) => nginxConfig(site, { nginxVersion: '1.26.0', modules: MODULES })),
  caddy: LIVE.map(caddyConfig),
  apache: LIVE.map(apacheConfig),
  'nginx-bucket': [nginxBucketConfig(EDGE_LIVE, { nginxVersion: '1.26.0', endpoint: 'http://127.0.0.1:7070' })],
  cloudfront: [cloudfrontConfig(EDGE_LIVE)],
  cloudflare: [cloudflareConfig(EDGE_LIVE)],
  's3-policy': [s3Policy(EDGE_LIVE, ['lab'])],
  systemd: [SERVED, LIVE[2] as DeployedSite].map((site) => systemdConfig(site, { ...SERVICE, kind: 'behind' })),
};

/** Of each form, the beginning of the hash of what kho writes for one site. */
const FORMS: Record<ConfiguredProgram, [form: number, hash: string]> = {
  nginx: [7, 'a9d79c4b9b2a'],
  caddy: [7, '1be5d97a33e6'],
  apache: [6, '404c7a57d869'],
  systemd: [2, 'f7d44a7de85f'],
  cron: [1, '17759a449ba0'],
  'nginx-bucket': [1, 'cf9a667d9192'],
  cloudfront: [1, '68776693d5cf'],
  cloudflare: [1, '858a6ac0cf34'],
  's3-policy': [1, 'b9e14cca3745'],
};

test('oldConfigurations() tells of a unit that has no network and no credentials for a bucket', () => {
  const publishing = { ...SITE, publish: 's3://packages' };
  const found = (site: SiteConfig, written: SiteConfig) => {
    const unit = formLine('systemd', '1') + systemdConfig(servedSite(written), { ...SERVICE, kind: 'watch' });
    return oldConfigurations(site, folderTree({ 'etc/systemd/system/kho.service': unit })).map(({ what }) => what);
  };
  expect(found(publishing, SITE)).toEqual([expect.stringContaining('before kho.toml named a bucket')]);
  expect(found(publishing, publishing)).toEqual([]);
  expect(found(SITE, SITE)).toEqual([]);
});

test.each(Object.entries(WRITTEN) as [ConfiguredProgram, string][])(
  'a configuration of %s that says something new has a new form: raise CONFIGURATIONS, and write both down here',
  (program, text) => {
    const all = [text, ...(WRITTEN_LIVE[program] ?? [])].join('');
    const hash = createHash('sha256').update(all).digest('hex').slice(0, 12);
    expect([CONFIGURATIONS[program].form, hash]).toEqual(FORMS[program]);
    expect(formOf(formLine(program, '0.1.0') + text, program)).toBe(CONFIGURATIONS[program].form);
    expect(formOf(text, program)).toBe(1); // as before there were forms
  },
);

test.each([
  ['of today', formLine('nginx', '1.0') + WRITTEN.nginx, []],
  ['of a kho to come', WRITTEN.nginx.replace(/^/, '# kho config nginx, form 99, as kho 9.9 writes it.\n'), []],
  ['without a form', WRITTEN.nginx, ['nginx']],
  ['of another site', WRITTEN.nginx.replaceAll('/srv/PyPI"', '/srv/PyPI2"'), []],
  ['by hand', 'server { root "/srv/PyPI"; }', []],
])('oldConfigurations() of nginx, %s', (_what, text, programs) => {
  const top = folderTree({ 'etc/nginx/conf.d/kho.conf': text });
  const found = oldConfigurations(SITE, top);
  expect(found.map(({ program }) => program)).toEqual(programs);
  if (programs.length > 0) expect(found[0]).toMatchObject({ hint: expect.stringContaining('kho config nginx') });
});

const ASKING = { nginx: '/.kho/may-read', caddy: '/.kho/may-read', apache: 'ProxyPass "/" "unix:' } as const;

test.each(['nginx', 'caddy', 'apache'] as const)(
  'oldConfigurations() tells of one of %s that asks nobody, once a repository is private',
  (program) => {
    const text = `${formLine(program, '1.0')}root "/srv/PyPI";\n`;
    const path = CONFIGURATIONS[program].savedAs.slice(1);
    const repositories = [{ ...PRIVATE, private: true as const }];
    const found = (written: string, site: SiteConfig = { ...SITE, repositories }) =>
      oldConfigurations(site, folderTree({ [path]: written }));
    expect(found(text)).toMatchObject([
      { program, isOpen: true, what: expect.stringContaining('before "lab" was private') },
    ]);
    expect(found(`${text}${ASKING[program]}`)).toEqual([]);
    expect(found(text, SITE)).toEqual([]);
  },
);

test.each(['nginx', 'caddy', 'apache'] as const)(
  'oldConfigurations() tells of one of %s that leaves no pages to kho, once a repository has upstreams',
  (program) => {
    const path = CONFIGURATIONS[program].savedAs.slice(1);
    const found = (written: string, repositories: SiteConfig['repositories']) =>
      oldConfigurations({ ...SITE, repositories }, folderTree({ [path]: formLine(program, '1.0') + written }));
    const [, , written = ''] = WRITTEN_LIVE[program] ?? [];
    expect(found(WRITTEN[program], [PULLING])).toMatchObject([
      { program, isOpen: false, what: expect.stringContaining('before upstreams') },
    ]);
    expect(found(written, [PULLING])).toEqual([]);
    expect(found(written, [PULLING, { ...PULLING, name: 'musl' }])).toHaveLength(1);
  },
);

test('oldConfigurations() tells of a unit that may not ask upstreams', () => {
  const [before = '', since = ''] = WRITTEN_LIVE.systemd ?? [];
  const found = (written: string) =>
    oldConfigurations(
      { ...SITE, repositories: [PULLING] },
      folderTree({ 'etc/systemd/system/kho.service': formLine('systemd', '1.0') + written }),
    );
  expect(found(before)).toMatchObject([{ program: 'systemd', hint: 'write it anew: kho config systemd' }]);
  expect(found(since)).toEqual([]);
});

test('oldConfigurations() passes over what is not there, and what is no file', () => {
  expect(oldConfigurations(SITE, folderTree({ 'etc/cron.d/kho/x': '' }))).toEqual([]);
});
