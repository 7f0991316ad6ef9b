/** Tokens over the life of a connection, and in what kho writes down. */
import { expect, test } from 'vitest';
import { makeWheel, wheelFilename } from '../../test/support/make-package.ts';
import { openSocket, serveUploads, until, uploadHead } from '../../test/support/served-uploads.ts';
import { uploadForm } from '../../test/support/upload-form.ts';
import { removeToken } from '../access/edit-tokens.ts';
import { readLog } from '../log/read-log.ts';

const formOf = (version: string) => {
  const spec = { name: 'foo', version };
  return uploadForm.of(wheelFilename(spec), makeWheel(spec));
};

test('a token that is removed between two uploads of one connection lets nobody in from then on', async () => {
  const { url, token, config, site } = await serveUploads();
  const socket = openSocket(url);
  let got = '';
  socket.on('data', (data) => {
    got += data.toString('latin1');
  });
  const post = (version: string) => {
    const form = formOf(version);
    socket.write(uploadHead(token, form.length));
    socket.write(form);
  };
  post('1.0');
  await until(() => /^HTTP\/1\.1 200 .*sha256/s.test(got));
  got = '';
  await removeToken(config, 't0', { who: 'test' });
  post('2.0');
  await until(() => got.includes('\r\n\r\n'));
  expect(got).toMatch(/^HTTP\/1\.1 401 This token is not known here/);
  got = '';
  socket.write('GET /glibc/simple/foo/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'); // the connection itself goes on
  await until(() => got.includes('</html>'));
  expect(got).not.toContain('foo-2.0');
  expect(Object.keys(site.snapshot()).filter((path) => path.includes('foo-2.0'))).toEqual([]);
});

test('no token, nor a part of one, is in what kho writes down, wherever a client puts it', async () => {
  const { post, url, token, log, site, config, tokenFor } = await serveUploads();
  const other = await tokenFor({ rights: ['upload'] });
  await removeToken(config, 't1', { who: 'test' });
  const form = formOf('1.0');
  const half = token.slice(0, 30);
  for (const secret of [token, other, half]) {
    const basic = uploadForm.authorization(secret);
    const places: [string, Record<string, string>, Buffer][] = [
      ['/glibc/upload/', basic, form],
      ['/glibc/upload/', { Authorization: `Bearer ${secret}` }, form],
      ['/glibc/upload/', uploadForm.authorization('', secret), form],
      [`/glibc/upload/?token=${secret}`, basic, form],
      [`/glibc/${secret}/`, basic, form],
      [`/glibc/upload/`, { ...basic, 'User-Agent': `client/1.0 (${secret})` }, form],
      [`/glibc/upload/`, { ...basic, Referer: `https://x/?${secret}` }, form],
      [`/glibc/upload/`, { ...basic, 'X-Forwarded-For': secret }, form],
      [
        '/glibc/upload/',
        basic,
        uploadForm.of(`${secret}-1.0-py3-none-any.whl`, makeWheel({ name: 'foo', version: '1.0' })),
      ],
      [
        '/glibc/upload/',
        basic,
        uploadForm.of('foo-1.0.whl', Buffer.from('x'), { sha256_digest: secret, password: secret }),
      ],
    ];
    // Half of a token may be the name of a project.
    const used = secret === half ? places.slice(0, -2) : places;
    for (const [path, headers, body] of used) await post(path, body, headers);
    const socket = openSocket(url);
    let got = '';
    socket.on('data', (data) => {
      got += data.toString('latin1');
    });
    socket.write(`GET http://__token__:${secret}@x/glibc/simple/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    await until(() => got !== '');
  }
  await post('/glibc/upload/last-one', form);
  await until(() => log().includes('last-one'));
  const kept = JSON.stringify([...readLog(site.root)]);
  expect(kept).toContain('foo-1.0');
  for (const secret of [token, other]) {
    for (const [what, text] of Object.entries({ log: log(), kept })) {
      for (const part of [
        secret.slice(4, 16),
        secret.slice(-20),
        Buffer.from(`__token__:${secret}`).toString('base64').slice(14, 40),
      ]) {
        const at = text.indexOf(part);
        expect(at < 0 ? '' : `${what}: ${text.slice(Math.max(0, at - 200), at + 100)}`).toBe('');
      }
    }
  }
}, 30_000);

test('what a token has no right to is in the log, once for a client that tries on', async () => {
  const { post, tokenFor, config } = await serveUploads();
  const token = await tokenFor({ repositories: ['musl'] });
  for (let count = 0; count < 3; count++) await post('/glibc/upload/', formOf('1.0'), uploadForm.authorization(token));
  const events = [...readLog(config.root)].flatMap((part) => part.events);
  expect(events.filter(({ event }) => event === 'refused')).toMatchObject([
    { who: 't1', repositories: ['glibc'], address: '127.0.0.1', reason: expect.stringContaining('The token "t1"') },
  ]);
});
