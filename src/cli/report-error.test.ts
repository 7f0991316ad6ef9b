import { expect, test } from 'vitest';
import { KhoError } from '../errors.ts';
import { reportError } from './report-error.ts';

test('reportError() shows an error with its causes and its hint', () => {
  const cause = new Error('EACCES: permission denied', { cause: new Error('deeper') });
  const { text, exitCode } = reportError(
    new KhoError('READ', 'Cannot look into "/srv"', { cause, hint: 'chmod u+rx' }),
  );
  expect(exitCode).toBe(2);
  expect(text).toBe(
    'kho: Cannot look into "/srv" [READ]\n  because: EACCES: permission denied\n  because: deeper\n\nhint: chmod u+rx\n',
  );
});

test('reportError() says a cause once', () => {
  const cause = new Error('Cannot read "s3://a": the store answers 403: "no such key"', {
    cause: new Error('no such key', { cause: new Error('deeper') }),
  });
  expect(reportError(new KhoError('BUCKET', 'Cannot publish', { cause })).text).toBe(
    `kho: Cannot publish [BUCKET]\n  because: ${cause.message}\n  because: deeper\n`,
  );
});

test('reportError() keeps the lines of a message, the code on the first', () => {
  expect(reportError(new KhoError('CONFIG', 'Cannot use kho.toml: 2 faults\na:1:1: x\na:2:1: y')).text).toBe(
    'kho: Cannot use kho.toml: 2 faults [CONFIG]\n  a:1:1: x\n  a:2:1: y\n',
  );
});

test('reportError() makes terminal escapes harmless', () => {
  expect(reportError(new KhoError('SITE', 'Cannot read "\u001b[2J"')).text).toBe(
    'kho: Cannot read "\\x1b[2J" [SITE]\n',
  );
});

test.each([
  [
    new TypeError('x is not a function'),
    /^kho: internal error, please report it\nTypeError: x is not a function\n +at /,
  ],
  ['a text', /^kho: internal error, please report it\na text\n$/],
  [undefined, /undefined\n$/],
])('reportError() calls %s a bug, and shows where it comes from', (thrown, expected) => {
  const { text, exitCode } = reportError(thrown);
  expect(exitCode).toBe(70);
  expect(text).toMatch(expected);
});
