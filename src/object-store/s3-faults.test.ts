import { expect, test } from 'vitest';
import { KhoError } from '../errors.ts';
import { StoreError, type StoreFault } from './object-store.ts';
import { faultOf, isMissing } from './s3-faults.ts';

const ASKED = {
  verb: 'write',
  address: 's3://team/x',
  region: 'us-east-1',
  endpoint: 'https://s3.example.org',
  profile: 'team',
  hasAnswered: true,
};
const NOW = Date.UTC(2026, 10, 30);

const thrown = (parts: object, message = 'as Node says it') => Object.assign(new Error(message), parts);

test.each<[what: string, error: Error, fault: StoreFault, words: string, hint: string | undefined]>([
  ['a reset', thrown({ code: 'ECONNRESET' }), 'busy', 'cannot be reached', undefined],
  ['a name server that is busy', thrown({ code: 'EAI_AGAIN' }), 'busy', 'cannot be reached', undefined],
  ['silence', thrown({ code: 'UND_ERR_HEADERS_TIMEOUT' }), 'busy', 'cannot be reached', undefined],
  ['what a client wraps', new Error('failed', { cause: thrown({ code: 'EPIPE' }) }), 'busy', 'cannot be', undefined],
  ['a certificate of nobody', thrown({ code: 'SELF_SIGNED_CERT_IN_CHAIN' }), 'refused', 'not trusted', 'AWS_CA_BUNDLE'],
  ['one that is over', thrown({ code: 'CERT_HAS_EXPIRED' }), 'refused', 'not trusted', 'AWS_CA_BUNDLE'],
  ['one of another name', thrown({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), 'refused', 'not trusted', 'AWS_CA_BUNDLE'],
  ['no TLS at all', thrown({ code: 'EPROTO' }), 'refused', 'does not speak TLS', 'http:// or https://'],
  [
    'an access key that versitygw does not know',
    thrown({ name: 'XAdminUserNotFound', $metadata: { httpStatusCode: 404 } }, 'No user exists'),
    'denied',
    '404 XAdminUserNotFound: "No user exists"',
    'AWS_ACCESS_KEY_ID',
  ],
  [
    'a name that no bucket has',
    thrown({ name: 'InvalidBucketName', $metadata: { httpStatusCode: 400 } }, 'not valid'),
    'no-bucket',
    'knows no bucket of such a name',
    'name of the bucket',
  ],
  [
    'a session of SSO that is over',
    thrown({ name: 'CredentialsProviderError' }, 'The SSO session associated with this profile has expired.'),
    'expired',
    'come to their end',
    'aws sso login --profile team',
  ],
  [
    'a program that makes none',
    thrown({ name: 'CredentialsProviderError' }, 'Command failed: /opt/keys\nmore'),
    'no-credentials',
    'credentials cannot be used: Command failed: /opt/keys',
    'profile "team"',
  ],
  [
    'a role that may not be taken',
    thrown({ name: 'AccessDenied', $service: 'STS', $metadata: { httpStatusCode: 403 } }, 'not authorized'),
    'denied',
    '(STS): "not authorized"',
    'kho config s3-policy',
  ],
])('faultOf() tells %s', (_what, error, fault, words, hint) => {
  const told = faultOf(error, ASKED, NOW) as StoreError;
  expect(told).toBeInstanceOf(StoreError);
  expect(told.fault).toBe(fault);
  expect(told.message).toContain('Cannot write "s3://team/x": ');
  expect(told.message).toContain(words);
  expect(told.message).not.toContain('\n');
  if (hint === undefined) expect(told.hint).toBeUndefined();
  else expect(told.hint).toContain(hint);
  expect(told.cause).toBe(error);
});

test('faultOf() leaves what is no fault of a store', () => {
  const error = new KhoError('USAGE', 'Cannot use this');
  expect(faultOf(error, ASKED, NOW)).toBe(error);
  const told = new StoreError('busy', 'Cannot');
  expect(faultOf(told, ASKED, NOW)).toBe(told);
});

test('faultOf() says what both clocks say where they are apart', () => {
  const headers = { date: 'Mon, 30 Nov 2026 05:00:00 GMT' };
  const error = thrown({ name: 'RequestTimeTooSkewed', $metadata: { httpStatusCode: 403 }, $response: { headers } });
  const told = faultOf(error, ASKED, NOW) as StoreError;
  expect(told.message).toContain("this machine's clock says 2026-11-30T00:00:00.000Z, and that of the store Mon, 30");
  expect([told.fault, told.hint]).toEqual(['refused', 'set the clock (chrony, date -s)']);
});

test.each([
  ['NoSuchKey', true],
  ['NotFound', true],
  ['NoSuchUpload', true],
  ['NoSuchBucket', false],
  ['XAdminUserNotFound', false],
])('isMissing() of 404 %s is %s', (name, is) => {
  expect(isMissing(thrown({ name, $metadata: { httpStatusCode: 404 } }))).toBe(is);
});
