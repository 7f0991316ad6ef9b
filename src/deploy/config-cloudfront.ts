/**
 * CloudFront before a bucket of S3, as a script of `aws` commands: the function, how long what is kept, headers, and who may read the bucket.
 *
 * Source: Amazon CloudFront API Reference; Developer Guide, "Restrict access to an Amazon S3 origin" (origin access control).
 */
import { LOST_PAGE } from '../render/web/places.ts';
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import { SYNC_FOLDER } from '../sync-format/sync-names.ts';
import { policy, readerStatements } from './bucket-policies.ts';
import { cloudfrontFunction } from './edge/cloudfront-function.ts';
import { type EdgeSite, resourceName } from './edge/edge-site.ts';

/** In seconds: as long as a release may be told to be missing after it was published. */
const ERRORS_KEPT_SECONDS = 10;
const YEAR_SECONDS = Number(/max-age=(\d+)/.exec(CACHE_CONTROL.keep)?.[1]);

/** What S3 and kho say to each other, and nobody else need know; CloudFront takes away ten at most. */
const STORE_HEADERS = [
  'x-amz-meta-kho-sha256',
  'x-amz-version-id',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
  'x-amz-storage-class',
];

const listed = <T>(Items: readonly T[]) => ({ Quantity: Items.length, ...(Items.length > 0 && { Items }) });

/** @throws {KhoError} USAGE */
export function cloudfrontConfig(edge: EdgeSite): string {
  const { bucket, keyPrefix, site } = edge;
  const name = resourceName(edge);
  return `# A site of Python packages in a bucket of S3, published by kho, behind CloudFront.
#
# Read it, save it as cloudfront.sh, then, with aws (version 2) logged in:  CERTIFICATE=arn:aws:acm:us-east-1:… sh cloudfront.sh
# The certificate for ${site.host}${site.isHostKnown ? '' : ' (CHANGE THIS to the name of your host)'} has to be one of ACM in us-east-1. Without CERTIFICATE the site gets an address of CloudFront's
# alone, which is good for trying. Each run makes a new distribution. To change nothing but the function later (after a repository was made
# private, say), print this anew and say:  sh cloudfront.sh function
# A new repository is a new folder in the bucket: nothing has to be changed here for it.
set -eu
BUCKET=${bucket}
NAME=${name}
RUN=$(date +%s)  # two policies may not have one name
HOST=${site.host}
WORK=$(mktemp -d)
trap 'rm -r "$WORK"' EXIT

# ---- The function: which file is meant. It writes the form of a page (JSON or HTML, by Accept) into the address, so that the two are kept
# apart; leads names to their normalized form; and answers 404 itself for what no site has. Queries change nothing. At most 10 KB.
cat >"$WORK/function.js" <<'END_OF_FUNCTION'
${cloudfrontFunction(edge)}END_OF_FUNCTION
CODE="--function-config Comment=kho,Runtime=cloudfront-js-2.0 --function-code fileb://$WORK/function.js --query ETag --output text"
update() {
  ETAG=$(aws cloudfront describe-function --name "$NAME" --query ETag --output text)
  ETAG=$(aws cloudfront update-function --name "$NAME" --if-match "$ETAG" $CODE)
}
if [ "\${1:-}" = function ]; then
  update
elif ! ETAG=$(aws cloudfront create-function --name "$NAME" $CODE 2>"$WORK/why"); then
  # An earlier run made it, or one that broke off.
  if ! grep -q FunctionAlreadyExists "$WORK/why"; then cat "$WORK/why" >&2; exit 1; fi
  update
fi
FUNCTION=$(aws cloudfront publish-function --name "$NAME" --if-match "$ETAG" --query FunctionSummary.FunctionMetadata.FunctionARN --output text)
if [ "\${1:-}" = function ]; then exit 0; fi

# ---- How long what is kept: as each object says itself. Pages say "${CACHE_CONTROL.ask}": CloudFront asks S3 each time whether they have changed,
# which costs S3 a 304. Packages say a year where kho.toml has files_immutable = true; style, script and catalogues always do.
${caching('pages', name, true)}
${caching('files', name, false)}
PAGES=$(aws cloudfront create-cache-policy --cache-policy-config "file://$WORK/pages.json" --query CachePolicy.Id --output text)
FILES=$(aws cloudfront create-cache-policy --cache-policy-config "file://$WORK/files.json" --query CachePolicy.Id --output text)

# ---- Headers: pages of other sites may read, types are not guessed, caches behind CloudFront keep the two forms apart${site.pagePolicy === undefined ? '' : ', and pages for\n# people use nothing but the site'}.
${headers('open', name, {})}
${headers('simple', name, { vary: 'Accept, Accept-Encoding' })}
${site.pagePolicy === undefined ? '' : `${headers('people', name, { policy: site.pagePolicy })}\n`}OPEN=$(aws cloudfront create-response-headers-policy --response-headers-policy-config "file://$WORK/open.json" --query ResponseHeadersPolicy.Id --output text)
SIMPLE=$(aws cloudfront create-response-headers-policy --response-headers-policy-config "file://$WORK/simple.json" --query ResponseHeadersPolicy.Id --output text)
${site.pagePolicy === undefined ? '' : 'PEOPLE=$(aws cloudfront create-response-headers-policy --response-headers-policy-config "file://$WORK/people.json" --query ResponseHeadersPolicy.Id --output text)\n'}
# ---- The bucket stays closed: only this distribution may read it, with requests that it signs.
${file('access', { Name: `${name}-$RUN`, Description: 'kho', SigningProtocol: 'sigv4', SigningBehavior: 'always', OriginAccessControlOriginType: 's3' })}
ACCESS=$(aws cloudfront create-origin-access-control --origin-access-control-config "file://$WORK/access.json" --query OriginAccessControl.Id --output text)

# ---- The distribution. What is not there is forgotten after ${ERRORS_KEPT_SECONDS} s, so that a release is found soon by who asked too early${site.pagePolicy === undefined ? '' : ';\n# people who are lost are shown the way back. 403 is what S3 says of a missing file to who may not list: uv would stop at it'}.
REGION=$(aws s3api get-bucket-location --bucket "$BUCKET" --query LocationConstraint --output text)
if [ "$REGION" = None ]; then REGION=us-east-1; fi
if [ -n "\${CERTIFICATE:-}" ]; then
  NAMES='{"Quantity": 1, "Items": ["'$HOST'"]}'
  TLS='{"ACMCertificateArn": "'$CERTIFICATE'", "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"}'
else
  NAMES='{"Quantity": 0}'
  TLS='{"CloudFrontDefaultCertificate": true}'
fi
${distribution(edge, name)}
ID=$(aws cloudfront create-distribution --distribution-config "file://$WORK/distribution.json" --query Distribution.Id --output text)

# ---- Who may read the bucket. s3:ListBucket makes a missing file 404; nobody gets a list by it, since the function lets no such request pass.
# Where the bucket is encrypted with a key of KMS (sse = "aws:kms"), the key's policy lets cloudfront.amazonaws.com kms:Decrypt, on the same condition.
ACCOUNT=$(aws sts get-caller-identity --query Account --output text)
cat >"$WORK/bucket-policy.json" <<END
${policy(readers(edge))}
END
if aws s3api get-bucket-policy --bucket "$BUCKET" >"$WORK/before.json" 2>"$WORK/why" || ! grep -q NoSuchBucketPolicy "$WORK/why"; then
  cat "$WORK/why" >&2
  echo "$BUCKET has a policy already, as far as can be told. Add these statements to it:" >&2
  cat "$WORK/bucket-policy.json" >&2
else
  aws s3api put-bucket-policy --bucket "$BUCKET" --policy "file://$WORK/bucket-policy.json"
fi
aws cloudfront get-distribution --id "$ID" --query 'Distribution.[Id,DomainName,Status]' --output text
# Let ${site.host} lead to that name (a CNAME, or an alias of Route 53). Then:  kho doctor https://${site.host}${site.prefix}/
# The publisher's own policy, and lifecycle rules:  kho config s3-policy s3://${bucket}/${keyPrefix}
`;
}

/** A file of the script's, in which variables of the shell stand. */
function file(name: string, content: unknown): string {
  return `cat >"$WORK/${name}.json" <<END\n${JSON.stringify(content, undefined, 2)}\nEND`;
}

/** @param mayPack of files kho promises the bytes as they are */
function caching(kind: 'pages' | 'files', name: string, mayPack: boolean): string {
  return file(kind, {
    Name: `${name}-${kind}-$RUN`,
    Comment: 'kho: as each object says',
    MinTTL: 0,
    DefaultTTL: 0,
    MaxTTL: YEAR_SECONDS,
    ParametersInCacheKeyAndForwardedToOrigin: {
      EnableAcceptEncodingGzip: mayPack,
      EnableAcceptEncodingBrotli: mayPack,
      HeadersConfig: { HeaderBehavior: 'none' },
      CookiesConfig: { CookieBehavior: 'none' },
      QueryStringsConfig: { QueryStringBehavior: 'none' },
    },
  });
}

function headers(kind: string, name: string, { vary, policy: pagePolicy }: { vary?: string; policy?: string }): string {
  return file(kind, {
    Name: `${name}-${kind}-$RUN`,
    Comment: 'kho',
    CorsConfig: {
      AccessControlAllowOrigins: listed(['*']),
      AccessControlAllowHeaders: listed(['*']),
      AccessControlAllowMethods: listed(['GET', 'HEAD', 'OPTIONS']),
      AccessControlAllowCredentials: false,
      OriginOverride: true,
    },
    SecurityHeadersConfig: {
      ContentTypeOptions: { Override: true },
      ...(pagePolicy !== undefined && {
        ContentSecurityPolicy: { ContentSecurityPolicy: pagePolicy, Override: true },
        ReferrerPolicy: { ReferrerPolicy: 'same-origin', Override: true },
      }),
    },
    ...(vary !== undefined && { CustomHeadersConfig: listed([{ Header: 'Vary', Value: vary, Override: true }]) }),
    RemoveHeadersConfig: listed(STORE_HEADERS.map((Header) => ({ Header }))),
  });
}

function distribution({ bucket, keyPrefix, site }: EdgeSite, name: string): string {
  const hasPages = site.pagePolicy !== undefined;
  const behaviour = (caches: string, says: string, Compress: boolean) => ({
    TargetOriginId: 'bucket',
    ViewerProtocolPolicy: 'redirect-to-https',
    CachePolicyId: caches,
    ResponseHeadersPolicyId: says,
    Compress,
    AllowedMethods: { ...listed(['GET', 'HEAD', 'OPTIONS']), CachedMethods: listed(['GET', 'HEAD']) },
    FunctionAssociations: listed([{ EventType: 'viewer-request', FunctionARN: '$FUNCTION' }]),
  });
  const error = (ErrorCode: number) => ({
    ErrorCode,
    ErrorCachingMinTTL: ERRORS_KEPT_SECONDS,
    // CloudFront asks for it at the bucket, past the function: without what stands before the site in its addresses.
    ...(hasPages && { ResponseCode: '404', ResponsePagePath: `/${LOST_PAGE}` }),
  });
  const content = {
    CallerReference: `${name}-$RUN`,
    Comment: name,
    Enabled: true,
    HttpVersion: 'http2and3',
    IsIPV6Enabled: true,
    PriceClass: 'PriceClass_All',
    DefaultRootObject: '',
    Aliases: '$NAMES',
    ViewerCertificate: '$TLS',
    Origins: listed([
      {
        Id: 'bucket',
        DomainName: `${bucket}.s3.$REGION.amazonaws.com`,
        OriginPath: keyPrefix === '' ? '' : `/${keyPrefix.slice(0, -1)}`,
        OriginAccessControlId: '$ACCESS',
        S3OriginConfig: { OriginAccessIdentity: '' },
      },
    ]),
    DefaultCacheBehavior: behaviour('$PAGES', '$OPEN', true),
    // The first that matches.
    CacheBehaviors: listed([
      { PathPattern: '*/packages/*', ...behaviour('$FILES', '$OPEN', false) },
      { PathPattern: `*/${SYNC_FOLDER}/*`, ...behaviour('$FILES', '$OPEN', false) },
      { PathPattern: '*/simple/*', ...behaviour('$PAGES', '$SIMPLE', true) },
      ...(hasPages ? [{ PathPattern: '*/project/*', ...behaviour('$PAGES', '$PEOPLE', true) }] : []),
    ]),
    CustomErrorResponses: listed([error(403), error(404)]),
  };
  return file('distribution', content).replace(/"(\$(?:NAMES|TLS))"/g, '$1');
}

function readers(edge: EdgeSite) {
  const source = 'arn:aws:cloudfront::$ACCOUNT:distribution/$ID';
  return readerStatements(edge, {
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Condition: { StringEquals: { 'AWS:SourceArn': source } },
  });
}
