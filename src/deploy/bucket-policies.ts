/**
 * Who may do what with a bucket, as AWS and other stores take it in JSON: no more than is needed.
 *
 * Source: AWS IAM User Guide, "IAM JSON policy elements"; Amazon S3 User Guide, "Enforce conditional writes".
 */
import { SDIST_SUFFIXES, WHEEL_SUFFIX } from '../standards/package-suffixes.ts';
import type { BucketPlace, EdgeSite } from './edge/edge-site.ts';

interface PolicyStatement {
  Sid: string;
  Effect: 'Allow' | 'Deny';
  Principal?: unknown;
  Action: string | readonly string[];
  Resource: string | readonly string[];
  Condition?: unknown;
}

export const bucketArn = ({ bucket }: BucketPlace) => `arn:aws:s3:::${bucket}`;
export const objectsArn = (place: BucketPlace, below = '', ending = '') =>
  `${bucketArn(place)}/${place.keyPrefix}${below}*${ending}`;

/** As a file, or a word of a command. */
export function policy(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }, undefined, 2);
}

/** For whoever runs `kho build --out s3://…`: the site's own keys, and of the bucket only what lies there. */
export function publisherStatements(place: BucketPlace): PolicyStatement[] {
  const { keyPrefix } = place;
  return [
    {
      Sid: 'KhoObjects',
      Effect: 'Allow',
      Action: [
        's3:GetObject',
        's3:PutObject',
        's3:DeleteObject',
        's3:AbortMultipartUpload',
        's3:ListMultipartUploadParts',
      ],
      Resource: objectsArn(place),
    },
    {
      Sid: 'KhoList',
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: bucketArn(place),
      ...(keyPrefix !== '' && { Condition: { StringLike: { 's3:prefix': [`${keyPrefix}*`] } } }),
    },
    {
      Sid: 'KhoUnfinished', // s3:prefix means nothing here
      Effect: 'Allow',
      Action: 's3:ListBucketMultipartUploads',
      Resource: bucketArn(place),
    },
  ];
}

/**
 * For who only reads, such as a CDN. With s3:ListBucket a file that is not there is 404; without it 403, at which uv ends its search.
 *
 * @param who Principal and Condition of each
 */
export function readerStatements(
  edge: Pick<EdgeSite, 'bucket' | 'keyPrefix' | 'hidden'>,
  who: { Principal?: unknown; Condition?: unknown } = {},
): PolicyStatement[] {
  const { Principal, Condition } = who;
  const about = { ...(Principal !== undefined && { Principal }), ...(Condition !== undefined && { Condition }) };
  return [
    { Sid: 'KhoRead', Effect: 'Allow', Action: 's3:GetObject', Resource: objectsArn(edge), ...about },
    { Sid: 'KhoMissingIs404', Effect: 'Allow', Action: 's3:ListBucket', Resource: bucketArn(edge), ...about },
    {
      Sid: 'KhoOwn',
      Effect: 'Deny',
      Action: 's3:GetObject',
      Resource: ['.kho', ...edge.hidden.map(asArn)].map((name) => objectsArn(edge, `${name}/`)),
      ...about,
    },
  ];
}

/** No package is written over, whatever the credentials: S3 takes it only with If-None-Match, as kho sends it. */
export function immutableStatement(place: BucketPlace): PolicyStatement {
  return {
    Sid: 'KhoPackagesAreNew',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    // By their ends, since pages of a project called "packages" are written anew.
    Resource: [WHEEL_SUFFIX, ...SDIST_SUFFIXES].flatMap((ending) => [
      objectsArn(place, 'packages/', ending),
      objectsArn(place, '*/packages/', ending),
    ]),
    // Parts of a big upload bear no condition: its end does.
    Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
  };
}

/** In a name of a repository any sign may stand: those that mean something to policies or shells are any sign here. */
function asArn(name: string): string {
  return name.replace(/[$`"\\*?'{}]/g, '?');
}

/** Parts of uploads that were broken off cost as much as whole ones, and nobody sees them. */
export function lifecycle({ keyPrefix }: BucketPlace): string {
  const rule = {
    ID: 'kho-unfinished-uploads',
    Status: 'Enabled',
    Filter: { Prefix: keyPrefix },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
  };
  return JSON.stringify({ Rules: [rule] }, undefined, 2);
}
