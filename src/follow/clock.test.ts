import { expect, test } from 'vitest';
import { KhoError } from '../errors.ts';
import { aboutClock, clockNote } from './clock.ts';

const fault = (message: string) =>
  new KhoError('UPSTREAM', `Cannot fetch: https://centre.example/ cannot be read: ${message}`);
const PAST = 86_400_000;
const TODAY = Date.UTC(2026, 10, 29);

test.each([
  [
    'certificate is not yet valid',
    PAST,
    "this machine's clock says 1970-01-02, when the certificate of the centre is not yet valid",
  ],
  [
    'certificate has expired',
    TODAY,
    "by this machine's clock, which says 2026-11-29, the certificate of the centre has expired",
  ],
  ['connect ECONNREFUSED', PAST, 'Cannot fetch: https://centre.example/ cannot be read: connect ECONNREFUSED'],
])('aboutClock() of %j', (message, now, words) => {
  expect((aboutClock(fault(message), now) as KhoError).message).toContain(words);
});

test('aboutClock() leaves alone what is no fault of the line', () => {
  const bug = new TypeError('certificate is not yet valid');
  expect(aboutClock(bug, PAST)).toBe(bug);
});

test('clockNote() tells of a clock that cannot be right', () => {
  expect(clockNote(PAST)).toContain('says 1970-01-02, which is past');
  expect(clockNote(TODAY)).toBeUndefined();
});
