/** A file in the middle of an upload, or after a broken one, is `incomplete` wherever the cut is: so that kho waits, and says nothing yet. */
import { expect, test } from 'vitest';
import { makeSdist, makeWheel } from '../../../test/support/make-package.ts';
import { makeZip } from '../../../test/support/make-zip.ts';
import { whyHeld } from '../../../test/support/read-bytes.ts';

const FOO = { name: 'foo', version: '1.0', description: 'About foo.\n'.repeat(20) };
const WHEEL = 'foo-1.0-py3-none-any.whl';

/** Each length from 1 to all but one byte. */
function* cuts(bytes: Uint8Array): Generator<Uint8Array> {
  for (let length = 1; length < bytes.length; length++) yield bytes.subarray(0, length);
}

test.each([
  ['a wheel', WHEEL, makeWheel(FOO)],
  ['a wheel with a comment', WHEEL, makeWheel({ ...FOO, zip: { comment: Buffer.from('made by hand') } })],
  ['a wheel in zip64', WHEEL, makeWheel({ ...FOO, zip: { zip64: true } })],
  ['an sdist', 'foo-1.0.tar.gz', makeSdist(FOO)],
  ['an sdist in a zip', 'foo-1.0.zip', makeSdist({ ...FOO, suffix: '.zip' })],
])('%s cut at any byte is incomplete', async (_what, filename, whole) => {
  expect(await whyHeld(filename, whole)).toBe('fine');
  for (const cut of cuts(whole)) expect(await whyHeld(filename, cut)).toMatch(/^incomplete: /);
});

test('a wheel cut right after a whole zip that it holds without compression is incomplete', async () => {
  const inner = makeWheel({ name: 'foo', version: '1.0' }); // it would even have the right metadata
  const outer = makeZip([{ path: 'foo/bundled.whl', bytes: inner }, { path: 'foo/x.py' }]);
  const cut = outer.subarray(0, Buffer.from(outer).indexOf(inner) + inner.length);
  expect(await whyHeld(WHEEL, cut)).toMatch(/^incomplete: /);
});

test('a wheel of which a part in the middle is missing is incomplete', async () => {
  const whole = Buffer.from(makeWheel({ ...FOO, members: { 'foo/big.bin': Buffer.alloc(1000, 'x') } }));
  const cut = Buffer.concat([whole.subarray(0, 40), whole.subarray(80)]);
  expect(await whyHeld(WHEEL, cut)).toMatch(/^incomplete: /);
});

test('a file of the right size whose bytes have not arrived is incomplete', async () => {
  const whole = Buffer.from(makeWheel(FOO));
  expect(await whyHeld(WHEEL, Buffer.alloc(whole.length))).toMatch(/^incomplete: /);
  expect(await whyHeld(WHEEL, whole.fill(0, 200))).toMatch(/^incomplete: /);
});
