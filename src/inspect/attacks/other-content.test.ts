/** What a web server, a proxy or a hasty person puts where a package should be. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeSdist, makeWheel } from '../../../test/support/make-package.ts';
import { whyHeld } from '../../../test/support/read-bytes.ts';

const FOO = { name: 'foo', version: '1.0' };
const WHEEL = 'foo-1.0-py3-none-any.whl';
const SDIST = 'foo-1.0.tar.gz';

test.each([
  ['nothing', Buffer.alloc(0), 'empty: is empty'],
  [
    'an HTML page',
    Buffer.from('<!DOCTYPE html>\n<title>404 Not Found</title>'),
    'is not a zip archive, but seems to be an HTML page',
  ],
  ['an HTML page after a comment', Buffer.from('\n<!-- x -->\n<HTML>'), 'an HTML page'],
  ['an error in JSON', Buffer.from('{"message": "Not Found"}'), 'JSON'],
  ['an error in XML', Buffer.from('<?xml version="1.0"?><Error/>'), 'XML'],
  [
    'a pointer of Git LFS',
    Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0'),
    'a Git LFS pointer',
  ],
  ['text', Buffer.from('Not found\n'), 'text'],
  ['an sdist', Buffer.from(makeSdist(FOO)), 'a gzip file'],
  ['a tar archive', Buffer.from(makeSdist({ ...FOO, suffix: '.tar' })), 'a tar archive without compression'],
  ['a program', Buffer.from('\x7fELF\x02\x01\x01\0'), 'a program or library (ELF)'],
])('a wheel that is %s is held', async (_what, bytes, why) => {
  expect(await whyHeld(WHEEL, bytes)).toContain(why);
});

test('a wheel of bytes that look like nothing is held', async () => {
  expect(await whyHeld(WHEEL, Buffer.alloc(100, 1))).toBe('not-an-archive: is not a zip archive');
});

test.each([
  ['nothing', SDIST, Buffer.alloc(0), 'empty: is empty'],
  ['an HTML page', SDIST, Buffer.from('<html>'), 'not-an-archive: is not a gzip file, but seems to be an HTML page'],
  ['a zip', SDIST, Buffer.from(makeWheel(FOO)), 'not-an-archive: is not a gzip file, but seems to be a zip archive'],
  ['a gzip of something else', SDIST, gzipSync(Buffer.alloc(4096, '<html>')), 'not-an-archive: holds no tar archive'],
  ['a gzip of nothing', SDIST, gzipSync(''), 'not-an-archive: holds nothing'],
  ['an empty tar', SDIST, gzipSync(Buffer.alloc(10240)), 'no-metadata'],
  ['a gzip, named bzip2', 'foo-1.0.tar.bz2', Buffer.from(makeSdist(FOO)), 'not-an-archive: is not a bzip2 file'],
  ['a gzip, named xz', 'foo-1.0.tar.xz', Buffer.from(makeSdist(FOO)), 'not-an-archive: is not an xz file'],
])('an sdist that is %s is held', async (_what, filename, bytes, why) => {
  expect(await whyHeld(filename, bytes)).toContain(why);
});

test('an sdist with garbage among its members is held', async () => {
  const tar = Buffer.from(makeSdist({ ...FOO, suffix: '.tar' }));
  expect(await whyHeld(SDIST, gzipSync(tar.fill('garbage', 1536, 2048)))).toContain('damaged: ');
});

test('an sdist whose gzip checksum or length is wrong is held', async () => {
  for (const fromEnd of [1, 8]) {
    const sdist = Buffer.from(makeSdist(FOO));
    sdist[sdist.length - fromEnd] = (sdist.at(-fromEnd) as number) ^ 1;
    expect(await whyHeld(SDIST, sdist)).toBe('damaged: is a damaged gzip file');
  }
});

test('zeros after a gzip are padding', async () => {
  expect(await whyHeld(SDIST, Buffer.concat([makeSdist(FOO), Buffer.alloc(1000)]))).toBe('fine');
});
