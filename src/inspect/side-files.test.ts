import { expect, test } from 'vitest';
import { checkProvenance, readYankReason } from './side-files.ts';

test.each([
  ['nothing', '', ''],
  ['a line', 'broken on ARM\n', 'broken on ARM'],
  ['several lines', ' broken\r\n\ton ARM \n\n', 'broken on ARM'],
  ['what would break an attribute, as it is', '<b> "x" & \'y\'', '<b> "x" & \'y\''],
  ['control characters, as blanks', 'a\x00b\x1b[31m', 'a b [31m'],
  ['a mark of byte order', '\ufeffbroken', 'broken'],
  ['other languages', 'lỗi trên ARM', 'lỗi trên ARM'],
])('readYankReason() reads %s', (_what, text, expected) => {
  expect(readYankReason(Buffer.from(text))).toBe(expected);
});

test.each([
  ['what is no UTF-8', Buffer.from([0x62, 0xff]), 'is not UTF-8 text'],
  ['what is too long', Buffer.alloc(4097, 'a'), 'is longer than 4 KiB'],
])('readYankReason() refuses %s', (_what, bytes, why) => {
  expect(() => readYankReason(bytes)).toThrow(expect.objectContaining({ code: 'bad-side-file', message: why }));
});

const ATTESTATION = {
  version: 1,
  verification_material: { certificate: 'MIIC', transparency_entries: [{ logIndex: '1' }] },
  envelope: { statement: 'eyJ4IjoxfQ==', signature: 'MEUC' },
};
const BUNDLE = {
  publisher: { kind: 'GitHub', claims: null, repository: 'example/foo', workflow: 'release.yml' },
  attestations: [ATTESTATION],
};

test.each([
  ['an object as PyPI makes it', { version: 1, attestation_bundles: [BUNDLE] }],
  ['claims', { version: 1, attestation_bundles: [{ ...BUNDLE, publisher: { kind: 'GitLab', claims: { sub: 'x' } } }] }],
  ['keys it does not know', { version: 1, attestation_bundles: [BUNDLE], more: 1 }],
])('checkProvenance() takes %s', (_what, value) => {
  expect(() => checkProvenance(Buffer.from(JSON.stringify(value)))).not.toThrow();
});

const withAttestation = (attestation: object) => ({
  version: 1,
  attestation_bundles: [{ ...BUNDLE, attestations: [{ ...ATTESTATION, ...attestation }] }],
});

test.each([
  ['a page', '<html>', 'is not JSON'],
  ['bytes', Buffer.from([0xff, 0xfe]), 'is not UTF-8 text'],
  ['an array', [], 'version is missing'],
  ['text', '"x"', 'it is not as PEP 740 says'],
  ['another version', { version: 2, attestation_bundles: [] }, 'version is not as'],
  ['no bundles', { version: 1 }, 'attestation_bundles is missing'],
  [
    'a publisher without a kind',
    { version: 1, attestation_bundles: [{ ...BUNDLE, publisher: {} }] },
    'attestation_bundles.0.publisher.kind is missing',
  ],
  [
    'an attestation that is text',
    { version: 1, attestation_bundles: [{ ...BUNDLE, attestations: ['x'] }] },
    'attestations.0 is not as',
  ],
  [
    'a signature that is no base64',
    withAttestation({ envelope: { ...ATTESTATION.envelope, signature: '?' } }),
    'envelope.signature is not as',
  ],
  [
    'no entry of a log',
    withAttestation({ verification_material: { certificate: 'MIIC', transparency_entries: [] } }),
    'transparency_entries is not as',
  ],
])('checkProvenance() refuses %s', (_what, value, why) => {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  expect(() => checkProvenance(bytes)).toThrow(
    expect.objectContaining({ code: 'bad-side-file', message: expect.stringContaining(why) }),
  );
});
