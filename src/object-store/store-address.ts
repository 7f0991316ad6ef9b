/**
 * Where in which bucket: `s3://BUCKET/PREFIX`, as all tools of S3 write it.
 *
 * Source: Amazon S3 User Guide, "General purpose bucket naming rules" and "Naming Amazon S3 objects".
 */
import { KhoError } from '../errors.ts';
import { quoted } from '../standards/quoted.ts';
import { withoutCredentials } from '../standards/without-credentials.ts';

export interface StoreAddress {
  bucket: string;
  /** Without slashes around it; empty where the whole bucket is meant. */
  prefix: string;
  /** Without a slash at its end: `s3://team-packages/python`. */
  name: string;
}

const SCHEME = 's3://';

/** In bytes of UTF-8: keys are at most 1,024, and what a site has below its root needs the rest. */
const PREFIX_LIMIT = 400;

/** Kept for kho itself, below each prefix. */
const OWN_FOLDER = '.kho';

/** Whether it is meant as one: whatever follows. */
export function isStoreAddress(text: string): boolean {
  return text.slice(0, 4).toLowerCase() === 's3:/'; // also with a slash too few, which nobody means as a folder
}

/** @throws {KhoError} USAGE, naming the part that is wrong */
export function parseStoreAddress(text: string): StoreAddress {
  const refused = (why: string) =>
    new KhoError('USAGE', `Cannot use ${quoted(withoutCredentials(text))} as the address of a bucket: ${why}`, {
      hint: 'it looks like s3://BUCKET or s3://BUCKET/PREFIX',
    });
  if (text.slice(0, SCHEME.length).toLowerCase() !== SCHEME) throw refused('it does not begin with s3://');
  if (/[?#]/.test(text)) throw refused('it holds a ? or a #, which are for addresses of the web');
  const rest = text.slice(SCHEME.length);
  const slash = rest.indexOf('/');
  const bucket = slash === -1 ? rest : rest.slice(0, slash);
  const bucketFault = faultOfBucket(bucket);
  if (bucketFault !== undefined) throw refused(bucketFault);
  const below = slash === -1 ? '' : rest.slice(slash + 1);
  const prefix = below.endsWith('/') ? below.slice(0, -1) : below;
  const prefixFault = below === '' ? undefined : faultOfPrefix(prefix);
  if (prefixFault !== undefined) throw refused(prefixFault);
  return { bucket, prefix, name: `${SCHEME}${bucket}${prefix === '' ? '' : `/${prefix}`}` };
}

/** Stores that are not AWS take capitals and underscores; none takes what would change the address of a request. */
function faultOfBucket(bucket: string): string | undefined {
  if (bucket === '') return 'it names no bucket';
  if (bucket.includes('@'))
    return 'it holds an @: credentials stand in the environment or in ~/.aws, never in an address';
  if (bucket.includes(':')) return 'it holds a colon: where the store is, says --endpoint-url';
  if (!/^[A-Za-z0-9._-]{3,63}$/.test(bucket))
    return 'a bucket has 3 to 63 characters, of letters, digits, dots, dashes and underscores';
  if (!/^[A-Za-z0-9]/.test(bucket) || !/[A-Za-z0-9]$/.test(bucket) || bucket.includes('..'))
    return 'a bucket begins and ends with a letter or a digit, and has no two dots in a row';
  return undefined;
}

function faultOfPrefix(prefix: string): string | undefined {
  if (/[\p{Cc}\p{Cs}]/u.test(prefix)) return 'its prefix holds a control character, or half of one';
  if (prefix.includes('\\')) return 'its prefix holds a backslash';
  if (prefix !== prefix.trim()) return 'its prefix begins or ends with a space';
  const parts = prefix.split('/');
  if (parts.includes('')) return 'its prefix has an empty part, between two slashes';
  if (parts.includes('.') || parts.includes('..')) return 'its prefix has . or .. as a part, which clients take away';
  if (parts.includes(OWN_FOLDER))
    return `its prefix has ${OWN_FOLDER} as a part, where kho keeps what it knows of a bucket`;
  if (Buffer.byteLength(prefix) > PREFIX_LIMIT) return `its prefix is longer than ${PREFIX_LIMIT} bytes`;
  return undefined;
}
