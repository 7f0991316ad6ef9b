import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { cloudfrontConfig } from './config-cloudfront.ts';
import { edgeSite } from './edge/edge-site.ts';
import { s3Policy } from './s3-policy.ts';

const LAB = {
  name: 'lab $`x',
  folder: '/srv/PyPI/lab',
  include: [],
  projects: new Map(),
  private: true,
} as RepositoryConfig;
const CONFIG = { root: '/srv/PyPI', title: 'T', repositories: [LAB] } as unknown as SiteConfig;
const script = (more: Partial<SiteConfig> = {}) =>
  cloudfrontConfig(
    edgeSite({ ...CONFIG, ...more }, 's3://team-packages/python', { url: 'https://packages.example.org/py' }),
  );

/** Writes down what it is asked, and the files that it is given; answers with a word that tells for what. */
const AWS = `#!/bin/sh
echo "$*" >>"$LOG/asked"
for word in "$@"; do
  case $word in
    file://*) cp "\${word#file://}" "$LOG/$2-$(basename "$word")" ;;
    fileb://*) cp "\${word#fileb://}" "$LOG/$2" ;;
  esac
done
case $2 in
  "$REFUSES") echo "An error occurred ($REFUSED)" >&2; exit 254 ;;
  get-bucket-policy) if [ -z "$HAS_POLICY" ]; then echo "An error occurred (NoSuchBucketPolicy)" >&2; exit 254; fi ;;
  get-bucket-location) echo eu-central-1 ;;
  get-caller-identity) echo 123456789012 ;;
  *) echo "of-$2" ;;
esac
`;

/** The script as it would run, and what `aws` was asked. */
function run(text: string, args: string[] = [], env: Record<string, string> = {}) {
  const folder = folderTree({ 'bin/aws': AWS, 'log/asked': '', 'cloudfront.sh': text, 'tmp/x': '' });
  chmodSync(join(folder, 'bin/aws'), 0o755);
  const log = join(folder, 'log');
  const stdout = execFileSync('sh', [join(folder, 'cloudfront.sh'), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      LOG: log,
      TMPDIR: join(folder, 'tmp'),
      HAS_POLICY: '',
      REFUSES: '',
      REFUSED: '',
      ...env,
    },
  });
  const asked = readFileSync(join(log, 'asked'), 'utf8').trimEnd().split('\n');
  const read = (name: string) => JSON.parse(readFileSync(join(log, name), 'utf8'));
  return {
    stdout,
    commands: asked.map((line) => line.split(' ').slice(0, 2).join(' ')),
    read,
    log,
    left: readdirSync(join(folder, 'tmp')),
  };
}

test('cloudfrontConfig() is a script that makes each thing once, with what the one before is called', () => {
  const { commands, read, log, left } = run(script(), [], { CERTIFICATE: 'arn:aws:acm:us-east-1:1:certificate/c' });
  expect(commands).toEqual([
    'cloudfront create-function',
    'cloudfront publish-function',
    ...['cloudfront create-cache-policy', 'cloudfront create-cache-policy'],
    ...Array(3).fill('cloudfront create-response-headers-policy'),
    'cloudfront create-origin-access-control',
    's3api get-bucket-location',
    'cloudfront create-distribution',
    'sts get-caller-identity',
    's3api get-bucket-policy',
    's3api put-bucket-policy',
    'cloudfront get-distribution',
  ]);
  const distribution = read('create-distribution-distribution.json');
  expect(distribution).toMatchObject({
    Aliases: { Quantity: 1, Items: ['packages.example.org'] },
    ViewerCertificate: { ACMCertificateArn: 'arn:aws:acm:us-east-1:1:certificate/c' },
    Origins: {
      Items: [
        {
          DomainName: 'team-packages.s3.eu-central-1.amazonaws.com',
          OriginPath: '/python',
          OriginAccessControlId: 'of-create-origin-access-control',
        },
      ],
    },
    DefaultCacheBehavior: { CachePolicyId: 'of-create-cache-policy', Compress: true },
  });
  for (const behaviour of [distribution.DefaultCacheBehavior, ...distribution.CacheBehaviors.Items]) {
    expect(behaviour.FunctionAssociations.Items).toEqual([
      { EventType: 'viewer-request', FunctionARN: 'of-publish-function' },
    ]);
    expect([behaviour.PathPattern, behaviour.Compress]).toEqual([
      behaviour.PathPattern,
      !/packages|sync/.test(behaviour.PathPattern ?? ''),
    ]);
  }
  const errors: { ErrorCode: number; ErrorCachingMinTTL: number; ResponseCode: string }[] =
    distribution.CustomErrorResponses.Items;
  expect(
    errors.map(({ ErrorCode, ErrorCachingMinTTL, ResponseCode }) => [
      ErrorCode,
      ErrorCachingMinTTL <= 10,
      ResponseCode,
    ]),
  ).toEqual([
    [403, true, '404'],
    [404, true, '404'],
  ]);
  for (const name of ['pages', 'files'])
    expect(read(`create-cache-policy-${name}.json`)).toMatchObject({ MinTTL: 0, DefaultTTL: 0, MaxTTL: 31_536_000 });
  expect(read('create-response-headers-policy-simple.json').CustomHeadersConfig.Items).toEqual([
    { Header: 'Vary', Value: 'Accept, Accept-Encoding', Override: true },
  ]);
  expect(readFileSync(join(log, 'create-function'), 'utf8')).toContain('function handler(event) {');
  expect(left).toEqual(['x']);
});

test('cloudfrontConfig() lets the distribution read, and nothing of kho’s own and of what is private', () => {
  const { Statement } = run(script()).read('put-bucket-policy-bucket-policy.json');
  const source = {
    StringEquals: { 'AWS:SourceArn': 'arn:aws:cloudfront::123456789012:distribution/of-create-distribution' },
  };
  expect(Statement).toHaveLength(3);
  for (const statement of Statement)
    expect(statement).toMatchObject({ Principal: { Service: 'cloudfront.amazonaws.com' }, Condition: source });
  expect(Statement).toMatchObject([
    { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::team-packages/python/*' },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::team-packages' },
    {
      Effect: 'Deny',
      Action: 's3:GetObject',
      Resource: ['arn:aws:s3:::team-packages/python/.kho/*', 'arn:aws:s3:::team-packages/python/lab ??x/*'],
    },
  ]);
});

test('cloudfrontConfig() writes over no policy that the bucket has, and can bring a new function alone', () => {
  expect(run(script(), [], { HAS_POLICY: 'yes' }).commands).not.toContain('s3api put-bucket-policy');
  const unseen = run(script(), [], { REFUSES: 'get-bucket-policy', REFUSED: 'AccessDenied' });
  expect(unseen.commands).not.toContain('s3api put-bucket-policy');
  expect(run(script(), ['function']).commands).toEqual([
    'cloudfront describe-function',
    'cloudfront update-function',
    'cloudfront publish-function',
  ]);
});

test('cloudfrontConfig() may be run again: after a run that broke off, and beside what an earlier one made', () => {
  const { commands, read } = run(script(), [], { REFUSES: 'create-function', REFUSED: 'FunctionAlreadyExists' });
  expect(commands.slice(0, 4)).toEqual([
    ...['create', 'describe', 'update', 'publish'].map((what) => `cloudfront ${what}-function`),
  ]);
  expect(commands).toContain('cloudfront create-distribution');
  for (const name of ['cache-policy-pages', 'cache-policy-files', 'origin-access-control-access'])
    expect(read(`create-${name}.json`).Name).toMatch(/^kho-team-packages-python(?:-pages|-files)?-\d{10}$/);
  for (const name of ['open', 'simple', 'people'])
    expect(read(`create-response-headers-policy-${name}.json`).Name).toMatch(/-\d{10}$/);
  expect(() => run(script(), [], { REFUSES: 'create-function', REFUSED: 'AccessDenied' })).toThrow('(AccessDenied)');
});

test('cloudfrontConfig() of a site without pages for people names none of them', () => {
  const { read, commands } = run(script({ pages: false }));
  const { CustomErrorResponses, CacheBehaviors, Aliases } = read('create-distribution-distribution.json');
  expect(CustomErrorResponses.Items[0].ResponsePagePath).toBeUndefined();
  expect(JSON.stringify(CacheBehaviors)).not.toContain('project');
  expect(Aliases).toEqual({ Quantity: 0 });
  expect(commands.filter((command) => command.endsWith('response-headers-policy'))).toHaveLength(2);
});

test('s3Policy() lets who publishes do with the site’s keys what a push does, and nothing else', () => {
  const text = s3Policy({ bucket: 'team-packages', keyPrefix: 'python/' }, ['lab']);
  execFileSync('sh', ['-n'], { input: text });
  const policies = [...text.matchAll(/--(?:policy-document|lifecycle-configuration) '([\s\S]*?)'\n/g)].map(
    ([, json = '']) => JSON.parse(json),
  );
  const [publisher, reader, lifecycle] = policies;
  expect(publisher.Statement[0]).toMatchObject({ Effect: 'Allow', Resource: 'arn:aws:s3:::team-packages/python/*' });
  expect(publisher.Statement[0].Action).toEqual([
    's3:GetObject',
    's3:PutObject',
    's3:DeleteObject',
    's3:AbortMultipartUpload',
    's3:ListMultipartUploadParts',
  ]);
  expect(publisher.Statement[1]).toMatchObject({
    Action: 's3:ListBucket',
    Condition: { StringLike: { 's3:prefix': ['python/*'] } },
  });
  expect(JSON.stringify(policies)).not.toMatch(/"s3:\*"|PutObjectAcl|DeleteBucket/);
  expect(reader.Statement[2]).toMatchObject({
    Effect: 'Deny',
    Resource: ['arn:aws:s3:::team-packages/python/.kho/*', 'arn:aws:s3:::team-packages/python/lab/*'],
  });
  expect(lifecycle.Rules[0]).toMatchObject({
    Filter: { Prefix: 'python/' },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
  });
  const immutable = JSON.parse(/^# \{\n(?:# .*\n)*# \}$/m.exec(text)?.[0].replace(/^# /gm, '') ?? '');
  expect(immutable.Statement[0]).toMatchObject({
    Effect: 'Deny',
    Action: 's3:PutObject',
    Condition: { Null: { 's3:if-none-match': 'true' } },
  });
  const guarded = (immutable.Statement[0].Resource as string[]).map(
    (arn) =>
      new RegExp(`^${arn.replace('arn:aws:s3:::team-packages/', '').replaceAll('.', '\\.').replaceAll('*', '.*')}$`),
  );
  const isGuarded = (key: string) => guarded.some((pattern) => pattern.test(key));
  for (const key of ['packages/a-1-py3-none-any.whl', 'glibc/packages/a-1.tar.gz', 'glibc/packages/old/a-1.zip'])
    expect([key, isGuarded(`python/${key}`)]).toEqual([key, true]);
  for (const key of ['glibc/simple/packages/index.html', 'glibc/project/packages/1/a-1.zip.html', 'glibc/a.zip'])
    expect([key, isGuarded(`python/${key}`)]).toEqual([key, false]);
});

test.each([
  's3://team-packages/a b',
  's3://team-packages/$(x)',
  "s3://team-packages/it's",
  's3://team-packages/a;b',
  'https://x',
])('edgeSite() refuses %j, which would mean something in scripts', (address) => {
  expect(() => edgeSite(CONFIG, address)).toThrow(/^Cannot /);
});
