/** `kho config s3-policy`: the policies of a bucket, with the lines that put them in place. Pure. */
import { immutableStatement, lifecycle, policy, publisherStatements, readerStatements } from './bucket-policies.ts';
import { type BucketPlace, resourceName } from './edge/edge-site.ts';

/** @param hidden names of private repositories, as far as they are known */
export function s3Policy(place: BucketPlace, hidden: readonly string[] = []): string {
  const { bucket, keyPrefix } = place;
  const name = resourceName(place);
  return `# Policies for s3://${bucket}/${keyPrefix}, written by kho: what each one needs, and nothing else. Each part stands by itself: take those that you want.
# The lines are for AWS. MinIO takes the same JSON (mc admin policy create); R2 has API tokens instead: one with "Object Read & Write", for
# this bucket only. No ACL is ever sent: leave "bucket owner enforced" switched on.

# ---- Who publishes: kho build --out s3://${bucket}/${keyPrefix}. Give it to a role that your CI takes on by OIDC, rather than to a user with keys.
aws iam create-policy --policy-name ${name}-publisher --policy-document '${policy(publisherStatements(place))}'
# Where the bucket is encrypted with a key of KMS (sse = "aws:kms"), the key's policy lets the same role kms:GenerateDataKey and kms:Decrypt.

# ---- Who reads: a proxy or CDN with credentials of its own. CloudFront has none: kho config cloudfront prints what it needs.
# Where the bucket is encrypted with a key of KMS, the key's policy lets who reads kms:Decrypt; without credentials nobody reads such a bucket.
# Without s3:ListBucket a file that is not there is answered with 403 instead of 404, and uv stops at 403.
aws iam create-policy --policy-name ${name}-reader --policy-document '${policy(readerStatements({ ...place, hidden }))}'

# ---- Parts of uploads that were broken off go after a day: they cost as much as whole ones, and nobody sees them.
# This takes the place of all lifecycle rules that the bucket has: see first with  aws s3api get-bucket-lifecycle-configuration --bucket ${bucket}
# A bucket with versions wants NoncurrentVersionExpiration besides: pages are written anew with each release.
aws s3api put-bucket-lifecycle-configuration --bucket ${bucket} --lifecycle-configuration '${lifecycle(place)}'

# ---- If you like: packages that are there are never written over, whoever tries (AWS only; kho itself writes them so). A file that you replace
# under its name then stops the next push: remove it first, and publish. So does files_immutable, which changes how all are sent. This is
# one statement for the bucket's policy: see what it has first, with  aws s3api get-bucket-policy --bucket ${bucket}
#
${policy([immutableStatement(place)]).replace(/^/gm, '# ')}
`;
}
