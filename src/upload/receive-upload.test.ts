/** Uploads over real connections, on a site that is served and watched. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWheel, wheelFilename } from '../../test/support/make-package.ts';
import { serveUploads, talkTo, temporaries, until, uploadHead } from '../../test/support/served-uploads.ts';
import { uploadForm } from '../../test/support/upload-form.ts';
import { CHALLENGE } from '../standards/http/challenge.ts';
import { SKIP_WORDS } from './answers.ts';

const FOO = { name: 'foo', version: '1.0' };
const foo = makeWheel(FOO);
const fooName = wheelFilename(FOO);

test('an upload is published when its client returns; the same bytes are fine, other ones are not', async () => {
  const { post, url, site } = await serveUploads();
  const told = await post('/glibc/upload/', uploadForm.of(fooName, foo));
  expect(told).toMatchObject({ status: 200, reason: `${fooName} is published in glibc` });
  expect(await (await fetch(`${url}/glibc/simple/foo/`)).text()).toContain(fooName);
  expect(readFileSync(join(site.root, 'glibc/packages', fooName))).toEqual(Buffer.from(foo));
  const again = await post('/glibc/', uploadForm.of(fooName, foo));
  expect(again).toMatchObject({ status: 200, reason: expect.stringContaining('was already there') });
  const other = makeWheel({ ...FOO, members: { 'foo/more.py': '1' } });
  const refused = await post('/glibc/legacy', uploadForm.of(fooName, other));
  expect(refused).toMatchObject({ status: 400, reason: expect.stringMatching(/^File already exists: foo-1.0/) });
  for (const bytes of [foo, other]) {
    expect(refused.text).toContain(createHash('sha256').update(bytes).digest('hex'));
  }
  expect(readdirSync(join(site.root, 'glibc/packages')).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(existsSync(join(site.root, 'incoming'))).toBe(false);
});

test('a body that is cut anywhere leaves nothing, and the whole one is taken after', async () => {
  const { url, token, site, post } = await serveUploads();
  const body = uploadForm.parts([
    [':action', 'file_upload'],
    ['content', foo, fooName],
    ['x', 'y'],
  ]);
  const start0 = uploadHead(token, body.length);
  // Every byte of what is form, and some of what is file.
  const from = body.indexOf('PK');
  const cuts = [...body.keys()].filter((at) => at < from + 10 || at > from + foo.length - 10 || at % 97 === 0);
  for (const group of chunks(cuts, 40)) {
    await Promise.all(group.map((cut) => talkTo(url, [start0, body.subarray(0, cut)], { end: true })));
  }
  expect(existsSync(join(site.root, 'glibc/packages', fooName))).toBe(false);
  await until(() => temporaries(site).length === 0);
  expect(await post('/glibc/', body)).toMatchObject({ status: 200 });
}, 60_000);

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

test('what cannot be published is refused in words, and nothing of it stays', async () => {
  const { post, site, tokenFor } = await serveUploads(
    '[repositories.glibc]\nplatforms = ["glibc-x86_64"]\n[repositories.musl]\nplatforms = ["musl-x86_64"]\n',
  );
  const musl = { name: 'bar', version: '1.0', tag: 'cp311-cp311-musllinux_1_2_x86_64' };
  const cases: [string, Buffer, RegExp][] = [
    ['/glibc/', uploadForm.of(wheelFilename(musl), makeWheel(musl)), /musl.*\[wrong-platform\]/s],
    ['/glibc/', uploadForm.of(fooName, foo.subarray(0, foo.length - 9)), /\[(?:incomplete|damaged|not-an-archive)\]/],
    ['/glibc/', uploadForm.of('bar-1.0-py3-none-any.whl', foo), /\[name-mismatch\]/],
    ['/glibc/', uploadForm.of('../../kho.toml', foo), /\[not-a-package\]/],
    ['/glibc/', uploadForm.of('..', foo), /\[/],
    ['/glibc/', uploadForm.of('.hidden-1.0-py3-none-any.whl', foo), /\[bad-filename\]/],
    ['/glibc/', uploadForm.of('foo-1.0-py3-none-any.whl\\', foo), /\[/],
    ['/glibc/', uploadForm.of('foo-1.0.egg', foo), /\[unsupported\]/],
    ['/glibc/', uploadForm.of(fooName, foo, { sha256_digest: '0'.repeat(64) }), /sha256/],
    ['/glibc/', uploadForm.of(fooName, foo, { md5_digest: '0'.repeat(32) }), /md5/],
    ['/glibc/', uploadForm.of(fooName, foo, { ':action': 'submit' }), /file_upload/],
    ['/glibc/', uploadForm.parts([[':action', 'file_upload']]), /content/],
    [
      '/glibc/',
      uploadForm.parts([
        ['content', foo, fooName],
        ['content', foo, fooName],
      ]),
      /two parts/,
    ],
    ['/glibc/', uploadForm.parts([['content', 'text']]), /has to be a file/],
    ['/glibc/', Buffer.from('nothing'), /cut off or malformed/],
  ];
  for (const [path, body, words] of cases) {
    const told = await post(path, body);
    expect(told.text).toMatch(words);
    expect(told.status).toBe(400);
    expect(told.reason.length).toBeLessThanOrEqual(200);
    for (const skip of SKIP_WORDS) expect(told.text.toLowerCase()).not.toContain(skip);
  }
  const narrow = await tokenFor({ projects: ['farm-*'] });
  const old = await tokenFor({ rights: ['upload'] });
  const elsewhere = await tokenFor({ repositories: ['musl'] });
  for (const [token, words] of [
    [narrow, /project "foo"/],
    [old, /new to this site/],
    [elsewhere, /"glibc"/],
  ] as const) {
    const told = await post(
      '/glibc/',
      uploadForm.of(fooName, foo, { name: 'farm-x' }),
      uploadForm.authorization(token),
    );
    expect(told).toMatchObject({ status: 403, text: expect.stringMatching(words) });
  }
  expect(readdirSync(join(site.root, 'glibc/packages')).sort()).toEqual([
    'always-1.0-py3-none-any.whl',
    'always-1.0-py3-none-any.whl.metadata',
  ]);
  expect(existsSync(join(site.root, 'incoming'))).toBe(false);
}, 30_000);

test('without a token there is a challenge; too many tries are refused unread, but never a token that is known', async () => {
  const { post } = await serveUploads();
  const body = uploadForm.of(fooName, foo);
  const told = await post('/glibc/', body, { Authorization: '' });
  expect(told).toMatchObject({ status: 401 });
  expect(told.headers.get('WWW-Authenticate')).toBe(CHALLENGE[1]);
  const statuses: number[] = [];
  for (let tries = 0; tries < 22; tries++)
    statuses.push((await post('/glibc/', body, uploadForm.authorization(`x${tries}`))).status);
  expect(statuses.slice(0, 19)).toEqual(Array(19).fill(401));
  expect(statuses.at(-1)).toBe(429);
  expect(await post('/glibc/', body)).toMatchObject({ status: 200 });
});

test('a page of another site cannot upload, whatever its browser knows', async () => {
  const { post, url } = await serveUploads();
  const body = uploadForm.of(fooName, foo);
  for (const headers of [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
  ]) {
    const told = await talkTo(
      url,
      [
        uploadHead(
          'x',
          body.length,
          Object.entries(headers)
            .map(([name, value]) => `${name}: ${value}\r\n`)
            .join(''),
        ),
        body,
      ],
      { enough: /other sites/ },
    );
    expect(told).toMatch(/^HTTP\/1\.1 403 Pages of other sites may not upload/);
    expect(told).not.toMatch(/Access-Control/i);
  }
  expect(await post('/glibc/', body, { Origin: url })).toMatchObject({ status: 200 });
});

test('a file that is too big is refused before its body, also to who waits for a sign, and the body is drained', async () => {
  const { url, token } = await serveUploads('max_file = "1 MB"\n');
  const big = 40_000_000;
  const waiting = await talkTo(url, [uploadHead(token, big, 'Expect: 100-continue\r\n')]);
  expect(waiting).toMatch(/^HTTP\/1\.1 413 The file is too big/);
  const sent = await talkTo(
    url,
    [uploadHead(token, big), Buffer.alloc(big), Buffer.from('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')],
    { enough: /ok\n$/ },
  );
  expect(sent).toMatch(/^HTTP\/1\.1 413 .*HTTP\/1\.1 200 /s); // the connection goes on
  const chunked = await talkTo(
    url,
    [
      Buffer.from(uploadHead(token, 0).toString().replace('Content-Length: 0', 'Transfer-Encoding: chunked')),
      ...[uploadForm.of(fooName, Buffer.alloc(2_000_000))].flatMap((body) => [
        Buffer.from(`${body.length.toString(16)}\r\n`),
        body,
        Buffer.from('\r\n0\r\n\r\n'),
      ]),
    ],
    { enough: /max_file/ },
  );
  expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
});

test('uploads that are switched off are refused as before, and drained', async () => {
  const { url, site, token } = await serveUploads();
  writeFileSync(join(site.root, 'kho.toml'), '');
  const body = uploadForm.of(fooName, foo);
  let told = '';
  for (let tries = 0; tries < 50 && !told.includes(' 405 '); tries++) {
    told = await talkTo(
      url,
      [uploadHead(token, body.length), body, Buffer.from('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')],
      { enough: /ok\n$/ },
    );
  }
  expect(told).toMatch(/^HTTP\/1\.1 405 .*HTTP\/1\.1 200 /s);
}, 20_000);

test('signatures and attestations stand beside the file, if they are about it', async () => {
  const { post, site } = await serveUploads();
  const sha256 = createHash('sha256').update(foo).digest('hex');
  const attestation = (digest: string) =>
    JSON.stringify([
      {
        version: 1,
        verification_material: { certificate: 'MII', transparency_entries: [{}] },
        envelope: {
          statement: Buffer.from(
            JSON.stringify({
              _type: 'https://in-toto.io/Statement/v1',
              subject: [{ name: fooName, digest: { sha256: digest } }],
            }),
          ).toString('base64'),
          signature: 'AA==',
        },
      },
    ]);
  const signature = '-----BEGIN PGP SIGNATURE-----\n\nAA\n-----END PGP SIGNATURE-----\n';
  const form = (digest: string) =>
    uploadForm.parts([
      ['content', foo, fooName],
      ['attestations', attestation(digest)],
      ['gpg_signature', signature, 'x/../evil.asc'],
    ]);
  const doubtful = await post('/glibc/', form('0'.repeat(64)));
  expect(doubtful).toMatchObject({
    status: 200,
    text: expect.stringContaining('The attestations were not taken: they are about another file'),
  });
  expect(await post('/glibc/', form(sha256))).toMatchObject({ status: 200 });
  const beside = (side: string) => readFileSync(join(site.root, 'glibc/packages', `${fooName}.${side}`), 'utf8');
  expect(beside('asc')).toBe(signature);
  expect(JSON.parse(beside('provenance'))).toMatchObject({
    version: 1,
    attestation_bundles: [{ attestations: JSON.parse(attestation(sha256)) }],
  });
});

test('forty files of one release at once, and two clients with one name', async () => {
  const { post, url } = await serveUploads();
  const wheels = Array.from({ length: 40 }, (_, count) => ({
    name: 'many',
    version: '1.0',
    tag: `cp3${count}-none-any`,
  }));
  const told = await Promise.all(
    wheels.map((wheel) => post('/glibc/', uploadForm.of(wheelFilename(wheel), makeWheel(wheel)))),
  );
  expect(told.filter(({ status }) => status !== 200)).toEqual([]);
  expect(await (await fetch(`${url}/glibc/simple/many/`)).text()).toContain('cp339');
  const others = await Promise.all(
    Array.from({ length: 6 }, (_, count) =>
      post('/glibc/', uploadForm.of(fooName, makeWheel({ ...FOO, members: { 'foo/n.py': String(count) } }))),
    ),
  );
  expect(others.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400]);
  expect(others.filter(({ text }) => text.startsWith('File already exists')).length).toBe(5);
}, 60_000);
