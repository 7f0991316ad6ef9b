import { expect, test } from 'vitest';
import { loadSettings, SETTINGS_LIMIT } from './load-settings.ts';
import { keysOf, SCHEMA } from './schema.ts';

const load = (text: string) => loadSettings(Buffer.from(text));

test('loadSettings() reads every key of the schema', () => {
  const text = `
needs = "0.0.1"
title = "Farm"
logo = "images/logo.svg"
colour = "#2c6a3a"
url = "https://packages.example.vn/"
files_immutable = true
absolute_urls = false
precompress = true
upstream = "https://index.example/simple/"
own = ["farm-*", "Agri_Core"]
shared = ["numpy"]
trusted_proxies = ["10.0.0.1", "::1/64"]
connections_per_address = 64
pages = false
language = "vi"
remote_images = true
ignore = ["old", "*.bak"]
locks = ["a.lock"]
publish = "s3://packages/python"
[bucket]
endpoint = "https://s3.example.org"
region = "eu-1"
profile = "ci"
path_style = true
insecure = true
sse = "aws:kms"
sse_key = "key"
grace = "48h"
parallel = 8
pages = false
pypi = false
feeds = false
slash_keys = true
precompress = true
with_private = true
[upload]
enabled = true
max_file = "3 GiB"
keep_free = "500 MB"
allow_http = true
[limits]
log = "64 MiB"
trash = "20GB"
originals = "1 GB"
refused = "500 kB"
[cache]
max = "20 GB"
min_free = "2 GB"
[follow]
url = "https://centre.example/"
repository = "armhf"
into = "musl"
needs = ["locks/*.lock"]
pythons = ["3.11"]
allowed_signers = "signers"
revoked_keys = "revoked"
rate = "64k"
parallel = 1
keep = 3
report = true
[advisories]
from = "osv.zip"
[upstreams.public]
url = "https://me:secret@index.example/simple/"
fresh = "0"
wait = "2s"
projects = ["Num_Py", "opencv-*"]
hashes = "optional"
file_hosts = ["Files.example:8443"]
gone = "hide"
cooldown = "7d"
cooldown_except = ["numpy==2.1"]
cooldown_except_from = ["*.txt"]
fixes = true
allow = ["django>=5"]
allow_from = ["*.lock"]
deny = ["evil"]
[upstreams.arm]
[repositories."."]
include = ["common", "pure"]
upstreams = ["arm", "public"]
only_runnable = true
platforms = ["musl-x86_64", "ARMHF", "windows"]
glibc = { armhf = "2.31", x86_64 = "2.35" }
musl = "1.2.3"
private = true
sync = true
sign = true
overwrite = true
retag = true
[repositories.musl.prune]
keep_versions = 5
keep_days = 90
prereleases_days = 30
dev_days = 14
keep = ["farm<2"]
max_share = 50
[repositories.musl.mirror]
from = "public"
projects = ["numpy>=2", "uvicorn[standard]"]
needs = ["locks/*.lock"]
pythons = ["3.12"]
releases = 3
dependencies = false
sdists = true
prereleases = true
remove_after = "30d"
[repositories.musl.projects."Foo_Bar"]
status = "archived"
reason = "see baz"
`;
  for (const key of keysOf(SCHEMA)) expect(text).toMatch(new RegExp(`^${key.split('.').at(-1)} = `, 'm'));
  const { title, url, site, repositories, upstreams, faults } = load(text);
  expect(site).toEqual({
    filesImmutable: true,
    absoluteUrls: false,
    precompress: true,
    trustedProxies: ['10.0.0.1', '::1/64'],
    connectionsPerAddress: 64,
    upstream: 'https://index.example/simple/',
    own: ['farm-*', 'agri-core'],
    shared: ['numpy'],
    pages: false,
    language: 'vi',
    remoteImages: true,
    ignore: ['old', '*.bak'],
    locks: ['a.lock'],
    publish: 's3://packages/python',
    bucket: {
      ...{ endpoint: 'https://s3.example.org', region: 'eu-1', profile: 'ci', pathStyle: true, insecure: true },
      ...{ sse: 'aws:kms', sseKey: 'key', graceMs: 48 * 3_600_000, parallel: 8 },
      ...{ pages: false, pypi: false, feeds: false, slashKeys: true, precompress: true, withPrivate: true },
    },
    cache: { max: 20e9, minFree: 2e9 },
    advisories: { from: 'osv.zip' },
    follow: {
      ...{ url: 'https://centre.example/', repository: 'armhf', into: 'musl', needs: ['locks/*.lock'] },
      ...{ pythons: ['3.11'], allowedSigners: 'signers', revokedKeys: 'revoked', rate: 64_000, parallel: 1, keep: 3 },
      report: true,
    },
    limits: { log: 64 * 1024 ** 2, trash: 20e9, originals: 1e9, refused: 500e3 },
    logo: 'images/logo.svg',
    colour: '#2c6a3a',
    upload: { maxFile: 3 * 1024 ** 3, keepFree: 500_000_000, allowHttp: true },
  });
  expect({ title, url, faults }).toEqual({ title: 'Farm', url: 'https://packages.example.vn/', faults: [] });
  expect([...upstreams]).toEqual([
    [
      'public',
      {
        name: 'public',
        url: 'https://me:secret@index.example/simple/',
        freshMs: 0,
        waitMs: 2_000,
        projects: ['num-py', 'opencv-*'],
        hashesOptional: true,
        fileHosts: ['files.example:8443'],
        gone: 'hide',
        cooldownMs: 7 * 86_400_000,
        cooldownExcept: ['numpy==2.1'],
        cooldownExceptFrom: ['*.txt'],
        fixes: true,
        allow: ['django>=5'],
        allowFrom: ['*.lock'],
        deny: ['evil'],
      },
    ],
    ['arm', { name: 'arm', freshMs: 600_000, waitMs: 1_000, gone: 'yank' }],
  ]);
  expect([...repositories.keys()]).toEqual(['.', 'musl']);
  expect(repositories.get('.')?.include.map(({ name }) => name)).toEqual(['common', 'pure']);
  expect([...repositories.values()].map(({ overwrite }) => overwrite)).toEqual([true, false]);
  expect(repositories.get('.')).toMatchObject({
    platforms: [
      { system: 'musl', architecture: 'x86_64' },
      { system: 'glibc', architecture: 'armv7l' },
      { system: 'windows' },
    ],
    glibc: { armv7l: '2.31', x86_64: '2.35' },
    musl: '1.2.3',
    private: true,
    retag: true,
  });
  expect(repositories.get('musl')?.mirror).toEqual({
    from: 'public',
    projects: ['numpy>=2', 'uvicorn[standard]'],
    needs: ['locks/*.lock'],
    pythons: ['3.12'],
    releases: 3,
    dependencies: false,
    sdists: true,
    prereleases: true,
    removeAfterMs: 30 * 86_400_000,
  });
  expect(repositories.get('musl')?.projects).toEqual(new Map([['foo-bar', { status: 'archived', reason: 'see baz' }]]));
});

test.each([
  'access_key_id',
  'secret_access_key',
  'secretAccessKey',
  'AWS-SECRET-KEY',
  'session_token',
  'token',
  'password',
  'credentials',
])('loadSettings() refuses credentials of a bucket: %s', (key) => {
  const { faults } = load(`[bucket]\n${key} = "AKIA0123"`);
  expect(faults).toMatchObject([{ message: expect.stringContaining('may not stand in kho.toml') }]);
  expect(faults[0]).not.toHaveProperty('isUnknownKey');
  expect(JSON.stringify(faults)).not.toContain('AKIA');
});

test.each([
  ['publish = "/srv/www"', 'must be an address like "s3://team-packages/python"'],
  ['publish = "s3://key:secret@packages"', 'must be an address like'],
  ['bucket.endpoint = "s3.example.org"', 'must be an address like "https://s3.example.org"'],
  ['bucket.endpoint = "https://key:secret@s3.example.org"', 'may hold no credentials'],
  ['bucket.secret = "a"', 'may not stand in kho.toml'],
  ['bucket.regoin = "eu-1"', 'did you mean "region"?'],
])('loadSettings() refuses %s', (line, why) => {
  const { faults } = load(line);
  expect(faults).toMatchObject([{ message: expect.stringContaining(why) }]);
  expect(faults[0]?.message).not.toContain('key:secret');
});

test('loadSettings() takes uploads only where that is said, with limits', () => {
  expect(load('[upload]\nmax_file = "1 GB"').site).toEqual({});
  expect(load('[upload]\nenabled = false').site).toEqual({});
  const upload = { maxFile: 2 * 1024 ** 3, keepFree: 1024 ** 3, allowHttp: false };
  expect(load('upload.enabled = true').site).toEqual({ upload });
});

test('loadSettings() reads what stands for all machines, and for none', () => {
  const { repositories, faults } = load(
    '[repositories]\na = { platforms = ["musl", "*"], glibc = "2.28" }\nb.platforms = []',
  );
  expect(faults).toEqual([]);
  expect(repositories.get('a')).toMatchObject({ platforms: 'everything', glibc: { '*': '2.28' } });
  expect(repositories.get('b')).toMatchObject({ platforms: [] });
});

test('loadSettings() reads an empty file, and one with a byte order mark', () => {
  expect(load('')).toEqual({ site: {}, repositories: new Map(), upstreams: new Map(), faults: [], isUnderstood: true });
  expect(load('\ufefftitle = "a"')).toMatchObject({ title: 'a', faults: [] });
});

test.each([
  ['titel = "a"', 1, 1, 'titel is no key that kho knows; did you mean "title"?'],
  ['zzz = "a"', 1, 1, 'zzz is no key that kho knows'],
  ['"__proto__" = "a"', 1, 1, '__proto__ is no key that kho knows'],
  ['constructor = "a"', 1, 1, 'constructor is no key that kho knows'],
  ['"a\\u001b[31m" = 1', 1, 1, '"a\\u001b[31m" is no key that kho knows'],
  ['title = 1', 1, 9, 'title must be a text, not a number'],
  ['title = ["a"]', 1, 9, 'title must be a text, not a list'],
  ['title = true', 1, 9, 'title must be a text, not true or false'],
  ['title = " "', 1, 9, 'title may not be empty'],
  ['title = "a\\nb"', 1, 9, 'title must be one line, without control characters'],
  ['url = "example.vn"', 1, 7, 'url must start with https:// or http://'],
  ['repositories = "glibc"', 1, 16, 'repositories must be a table, not a text'],
  ['[[repositories]]', 1, 3, 'repositories must be a table, not a list'],
  ['repositories.musl = "a"', 1, 21, 'repositories.musl must be a table, not a text'],
  [
    '[repositories.musl]\ninclude = "a"',
    2,
    11,
    'repositories.musl.include must be a list of texts like ["a", "b"], not a text',
  ],
  [
    '[repositories.a.mirror]\nprojects = ["*"]',
    2,
    13,
    'repositories.a.mirror.projects has "*", which must be a name with versions, like "farm<2"',
  ],
  ['[repositories.a.mirror]\nprojects = ["a; python_version > \'3\'"]', 2, 13, 'which must be a name with versions'],
  ['[repositories.a.mirror]\npythons = ["py3"]', 2, 12, 'which must be a version of Python, like "3.12"'],
  ['files_immutable = 1', 1, 19, 'files_immutable must be true or false, not a number'],
  ['connections_per_address = 0', 1, 27, 'connections_per_address must be a whole number from 1 to 1,000,000'],
  ['connections_per_address = 1.5', 1, 27, 'must be a whole number'],
  ['connections_per_address = "512"', 1, 27, 'must be a whole number'],
  ['connections_per_address = inf', 1, 27, 'must be a whole number'],
  ['absolute_urls = "no"', 1, 17, 'absolute_urls must be true or false, not a text'],
  [
    'trusted_proxies = ["10.0.0.1", "proxy.vn"]',
    1,
    32,
    'trusted_proxies has "proxy.vn", which must be an address like 10.0.0.1, or a network like 10.0.0.0/8',
  ],
  [
    'repositories.a.platforms = ["musl", "musl-x86_46"]',
    1,
    37,
    'repositories.a.platforms has "musl-x86_46", which is no platform like "musl-x86_64", "glibc" or "armhf"; did you mean "musl-x86_64"?',
  ],
  ['repositories.a.platforms = ["linux"]', 1, 29, 'or "armhf" (docs/config.md lists them)'],
  [
    'repositories.a.platforms = "musl"',
    1,
    28,
    'repositories.a.platforms must be a list of texts like ["a", "b"], not a',
  ],
  ['repositories.a.glibc = 2.31', 1, 24, 'repositories.a.glibc must be a text, or a table of texts, not a number'],
  ['repositories.a.glibc = "Debian 11"', 1, 24, 'repositories.a.glibc must be a version of glibc like "2.31"'],
  ['repositories.a.glibc = { armv7l = "11" }', 1, 35, 'repositories.a.glibc.armv7l must be a version of glibc'],
  [
    '[repositories.a.glibc]\narmv7 = "2.31"',
    2,
    1,
    'repositories.a.glibc has the key armv7, which is no architecture that kho knows; did you mean "armv7l"?',
  ],
  ['repositories.a.musl = "2.31"', 1, 23, 'repositories.a.musl must be a version of musl like "1.2.3"'],
  ['repositories.a.retag = "yes"', 1, 24, 'repositories.a.retag must be true or false, not a text'],
  ['repositories.musl.overwrite = "yes"', 1, 31, 'repositories.musl.overwrite must be true or false, not a text'],
  ['[repositories.musl]\ninclude = ["a", 1]', 2, 17, 'repositories.musl.include must hold texts only, not a number'],
  [
    '[repositories.musl]\nincludes = []',
    2,
    1,
    'repositories.musl.includes is no key that kho knows; did you mean "include"?',
  ],
  ['[repositories.musl]\n[repositories.simple]', 2, 15, 'A repository cannot be called "simple": the names simple, '],
  ['[repositories."a/b"]', 1, 15, 'A repository cannot be called "a/b": a name may not hold any of'],
  [
    '[repositories.m.projects.foo]\nstatus = "achived"',
    2,
    10,
    'repositories.m.projects.foo.status must be one of "active", "archived", "quarantined", "deprecated", not "achived"; did you mean "archived"?',
  ],
  [
    '[repositories.m.projects.foo]\nstatus = 1',
    2,
    10,
    'repositories.m.projects.foo.status must be one of "active", "archived", "quarantined", "deprecated", not a number',
  ],
  ['[repositories.m.projects."f oo"]\nstatus = "active"', 1, 26, '"f oo" is no valid project name'],
  ['[repositories.m.projects]\nFoo = {}\nfoo = {}', 3, 1, '"foo" is the same project as "Foo"'],
  ['a = ', 1, 5, 'This is no TOML: '],
])('loadSettings() finds the fault in %j', (text, line, column, message) => {
  const { faults } = load(text);
  const isUnknownKey = message.includes('is no key that kho knows');
  expect(faults).toEqual([
    { position: { line, column }, message: expect.stringContaining(message), ...(isUnknownKey && { isUnknownKey }) },
  ]);
});

test('loadSettings() finds all faults at once', () => {
  const { faults, isUnderstood } = load('titel = "a"\nurl = 1\n[repositories.simple]\ninclude = [1]\n');
  expect(isUnderstood).toBe(true);
  expect(faults.map(({ position }) => position.line).sort()).toEqual([1, 2, 3, 4]);
});

test('loadSettings() refuses bytes that are not UTF-8, and says where', () => {
  const { faults, isUnderstood } = loadSettings(Buffer.from('title = "a"\n# caf\xe9\n', 'latin1'));
  expect(faults).toEqual([{ position: { line: 2, column: 6 }, message: 'The file is not UTF-8' }]);
  expect(isUnderstood).toBe(false);
});

test('loadSettings() refuses a file that is too long, and reads one at the limit', () => {
  expect(load(`#${'a'.repeat(SETTINGS_LIMIT)}`).faults[0]?.message).toContain('longer than 131,072 bytes');
  expect(load(`#${'a'.repeat(SETTINGS_LIMIT - 1)}`).faults).toEqual([]);
  // At the limit the parser may overflow the stack: a fault, and no crash.
  expect(load(`title = "${'a'.repeat(SETTINGS_LIMIT - 10)}"`).isUnderstood).toBeTypeOf('boolean');
});

test.each([
  ['needs = "0.3"\nnew = { what = 1 }\ntitle = 7', '0.2.9', '0.3'],
  ['needs = "0.3"', '0.3rc1', '0.3'],
  ['[repositories.a]\nneeds = "9"', '0.1.0', undefined], // another key, and not known
  ['needs = "0.3"', '0.3.0', undefined],
  ['needs = "0.3"', '1.0', undefined],
])('loadSettings() of %j by kho %s: needs %s', (text, version, needed) => {
  const { unmetNeed, faults } = loadSettings(Buffer.from(text), version);
  expect(unmetNeed).toBe(needed);
  if (needed !== undefined) expect(faults).toEqual([]); // what an older kho does not know is no fault
});

test.each(['needs = 3', 'needs = "new"', 'needs = ["0.3"]'])('loadSettings() refuses %s', (text) => {
  const { faults, unmetNeed } = load(text);
  expect([unmetNeed, faults.map(({ message }) => message)]).toEqual([
    undefined,
    [expect.stringMatching(/^needs must be a /)],
  ]);
});
