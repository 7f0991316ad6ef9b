import type { Break } from './break.ts';

const LOGIC = { file: 'src/deploy/edge/edge-logic.ts', test: 'src/deploy/edge/edge-logic.test.ts' };
const WORKER = { file: 'src/deploy/config-cloudflare.ts', test: 'src/deploy/config-cloudflare.test.ts' };
const FUNCTION = {
  file: 'src/deploy/edge/cloudfront-function.ts',
  test: 'src/deploy/edge/cloudfront-function.test.ts',
};
const SCRIPT = { file: 'src/deploy/config-cloudfront.ts', test: 'src/deploy/config-cloudfront.test.ts' };
const DOCTOR = { test: 'src/doctor/bucket-sites.test.ts' };

/** Of what stands before a bucket, and of what kho doctor says of it. */
export const BUCKETS_SERVED_BREAKS: readonly Break[] = [
  {
    ...LOGIC,
    what: 'the edge hands out private repositories',
    find: '[...UNPUBLISHED, ...hidden]',
    replace: '[...UNPUBLISHED]',
  },
  { ...LOGIC, what: "the edge hands out kho's own", find: "name.charAt(0) === '.' || ", replace: '' },
  {
    ...LOGIC,
    what: 'the edge gives JSON to who likes HTML more',
    find: 'json > 0 && json >= v1 && json >= html',
    replace: 'json > 0',
  },
  {
    ...LOGIC,
    what: 'the edge leads other spellings nowhere',
    find: ".replace(/[-_.]+/g, '-').toLowerCase() : undefined",
    replace: ' : undefined',
  },
  {
    ...LOGIC,
    what: 'the edge shows pages at addresses with doubled slashes',
    find: ' || names.length < raw.length) {',
    replace: ') {',
  },
  {
    ...LOGIC,
    what: 'the edge asks for keys that no store can hold',
    find: '.length > LONGEST_KEY',
    replace: '.length > 99 * LONGEST_KEY',
  },
  {
    ...FUNCTION,
    what: 'a query gets a copy of its own in the CDN',
    find: '  request.querystring = {};\n',
    replace: '',
  },
  {
    ...FUNCTION,
    what: 'the function lets anything be written',
    find: "request.method !== 'GET' && request.method !== 'HEAD'",
    replace: 'false',
  },
  {
    ...FUNCTION,
    what: 'a bare plus goes to S3, which reads a space',
    find: "'/' + encoded(found.key)",
    replace: "'/' + found.key",
  },
  {
    ...WORKER,
    what: 'the Worker says 200 to who has the page',
    find: 'return namesTag(noneMatch, etag, true) ? 304 : undefined',
    replace: 'return undefined',
  },
  {
    ...WORKER,
    what: 'the Worker gives a part of another file',
    find: "!isOfSame(request.headers.get('If-Range'), form) ? undefined : ",
    replace: 'false ? undefined : ',
  },
  {
    ...WORKER,
    what: 'the Worker keeps what may be replaced',
    find: ".includes('immutable')) {",
    replace: ".includes('')) {",
  },
  {
    ...WORKER,
    what: 'the Worker does not say that a page has two forms',
    find: "if (vary.length > 0) headers.set('Vary'",
    replace: "if (vary.length > 9) headers.set('Vary'",
  },
  {
    ...WORKER,
    what: 'the Worker sends packed pages to who cannot unpack them',
    find: 'const unpacks = isPacked && !takesGzip(request);',
    replace: 'const unpacks = false;',
  },
  {
    ...SCRIPT,
    what: 'what is not there is remembered for minutes',
    find: 'ERRORS_KEPT_SECONDS = 10',
    replace: 'ERRORS_KEPT_SECONDS = 300',
  },
  {
    ...SCRIPT,
    what: 'the script writes over the policy of a bucket',
    find: 'if aws s3api get-bucket-policy --bucket',
    replace: 'if false aws s3api get-bucket-policy --bucket',
  },
  {
    ...SCRIPT,
    file: 'src/deploy/bucket-policies.ts',
    what: 'readers may read what is private',
    find: "['.kho', ...edge.hidden.map(asArn)]",
    replace: "['.kho']",
  },
  {
    ...SCRIPT,
    file: 'src/deploy/bucket-policies.ts',
    what: 'a missing file is 403 behind CloudFront',
    find: "Action: 's3:ListBucket', Resource: bucketArn(edge)",
    replace: "Action: 's3:GetObject', Resource: bucketArn(edge)",
  },
  {
    ...DOCTOR,
    file: 'src/doctor/read-index.ts',
    what: 'kho doctor does not know a bare bucket',
    find: 'hint = NO_INDEX_DOCUMENTS;',
    replace: '',
  },
  {
    ...DOCTOR,
    file: 'src/doctor/page-checks.ts',
    what: 'kho doctor overlooks that a CDN remembers what was not there',
    find: '    await mustForget(patient);\n',
    replace: '',
  },
];
