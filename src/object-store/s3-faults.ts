/**
 * What the SDK throws, as what can be done about it. It throws errors of its own for answers of the store, and of credentials that it did not
 * find; and those of Node and of the client below it for all that breaks on the way.
 *
 * Source: Amazon S3 API Reference, "Error responses", and what other stores answer instead.
 */

import { KhoError } from '../errors.ts';
import { networkFault } from '../fetch/network-fault.ts';
import { waitOf } from '../fetch/retry-after.ts';
import { quoted } from '../standards/quoted.ts';
import { StoreError, type StoreFault } from './object-store.ts';
import { CHANGED } from './sent-body.ts';

/** What was asked, and of whom. */
export interface AskedStore {
  /** `read`, `write`, `list`: what could not be done. */
  verb: string;
  /** `s3://team-packages/python/simple/index.html` */
  address: string;
  region: string;
  /** Absent where it is AWS's own. */
  endpoint: string | undefined;
  profile: string | undefined;
  /** Whether the store has answered anything before: what cannot be reached at all is not asked again. */
  hasAnswered: boolean;
}

interface SdkError extends Error {
  code?: string;
  Code?: string;
  Region?: string;
  cause?: unknown;
  $service?: string;
  $metadata?: { httpStatusCode?: number; clockSkewCorrected?: boolean };
  $response?: { statusCode?: number; headers?: Record<string, string> };
}

const PROVIDER_ERRORS = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError']);
const BUSY_CODES = new Set([
  ...['SlowDown', 'InternalError', 'ServiceUnavailable', 'RequestTimeout', 'ConditionalRequestConflict'],
  ...['OperationAborted', 'Throttling', 'ThrottlingException', 'TooManyRequests', 'TemporaryRedirect'],
]);
const BUSY_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Of 409: a name that is a folder of another, where folders are real. */
const FOLDER_CODES = new Set(['ObjectParentIsFile', 'ExistingObjectIsDirectory', 'ObjectExistsAsDirectory']);
/** Other bytes came than were announced. */
const CHANGED_CODES = new Set([
  'XAmzContentSHA256Mismatch',
  'BadDigest',
  'IncompleteBody',
  'XAmzContentChecksumMismatch',
]);
const EXPIRED_CODES = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired', 'RequestExpired']);
const REGION_CODES = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
]);
const CERTIFICATE_CODES = /^(?:CERT_|ERR_TLS_|DEPTH_ZERO_|UNABLE_TO_|SELF_SIGNED_|HOSTNAME_MISMATCH)/;
const CONNECTION_CODES = /^(?:E[A-Z]+|EAI_[A-Z]+|UND_ERR_[A-Z_]+)$/;
/** Nobody is there: not a line that broke. */
const NOBODY_CODES = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/** @param now milliseconds since 1970 @returns a StoreError; a KhoError as it is, which is none of the store's */
export function faultOf(thrown: unknown, asked: AskedStore, now: number): Error {
  if (thrown instanceof StoreError || thrown instanceof KhoError) return thrown;
  const error = thrown as SdkError;
  const code = codeOf(error);
  const status = statusOf(error);
  const network = networkCode(error);
  const headers = error.$response?.headers ?? {};
  const retryAfterMs = waitOf(headers['retry-after'], now);
  const fault = (kind: StoreFault, why: string, hint?: string) =>
    new StoreError(kind, `Cannot ${asked.verb} "${asked.address}": ${why}`, {
      ...(hint !== undefined && { hint }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      cause: thrown,
    });
  const store = asked.endpoint ?? 'AWS';

  if (EXPIRED_CODES.has(code) || /\bexpired\b/i.test(credentialsText(error)))
    return fault('expired', `the credentials have come to their end${said(error)}`, howToRenew(asked));
  if (credentialsText(error) !== '') return fault('no-credentials', noCredentials(error), howToLogIn(asked));
  if (code === 'RequestTimeTooSkewed') {
    const clocks = `this machine's clock says ${new Date(now).toISOString()}, and that of the store ${headers['date'] ?? 'another time'}`;
    return error.$metadata?.clockSkewCorrected
      ? fault('busy', clocks)
      : fault('refused', clocks, 'set the clock (chrony, date -s)');
  }
  const region = otherRegion(thrown, asked.region);
  if (REGION_CODES.has(code) || status === 301 || (status === 400 && region !== undefined)) {
    const why =
      region === undefined
        ? `it is not in region ${asked.region}`
        : `it is in region ${region}, and ${asked.region} was asked`;
    return fault('refused', why, `give --region ${region ?? 'REGION'}, or region under [bucket] in kho.toml`);
  }
  if (code === 'InvalidBucketName')
    return fault(
      'no-bucket',
      `${store} knows no bucket of such a name`,
      'look whether the name of the bucket is right',
    );
  if (code === 'NoSuchBucket')
    return fault(
      'no-bucket',
      `${store} has no such bucket`,
      'make it first, or look whether the name and the endpoint are right',
    );
  if (BUSY_CODES.has(code) || BUSY_STATUSES.has(status ?? 0) || (status === 409 && !FOLDER_CODES.has(code)))
    return fault('busy', `${store} answers ${answered(status, code)}${said(error)}`);
  if (CHANGED_CODES.has(code) || network === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH')
    return fault('refused', CHANGED.why, CHANGED.hint);
  if (FOLDER_CODES.has(code))
    return fault(
      'refused',
      'the store keeps objects in folders, and what would be the folder is an object',
      'remove what is in the way',
    );
  if (status === 401 || status === 403 || code === 'XAdminUserNotFound')
    return fault(
      'denied',
      `${store} answers ${answered(status, code)}${said(error)}`,
      DENIED_HINTS[code] ?? DENIED_HINT,
    );
  if (CERTIFICATE_CODES.test(network))
    return fault('refused', `the certificate of ${store} is not trusted: ${networkFault(error)}`, CERTIFICATE_HINT);
  if (network === 'EPROTO' || error.message.includes('wrong version number'))
    return fault('refused', `${store} does not speak TLS`, 'look whether the endpoint begins with http:// or https://');
  if (CONNECTION_CODES.test(network) && status === undefined) {
    const isNobody = NOBODY_CODES.has(network) && !asked.hasAnswered;
    const why = `${store} cannot be reached: ${networkFault(error)}`;
    return isNobody ? fault('refused', why, 'look whether the endpoint and the region are right') : fault('busy', why);
  }
  if (status !== undefined && status < 300)
    return fault('refused', `${store} answers what is none of S3`, 'look whether the endpoint is that of a store');
  if (status !== undefined) return fault('refused', `${store} answers ${answered(status, code)}${said(error)}`);
  return fault('refused', error.message || error.name);
}

const DENIED_HINT = 'kho config s3-policy prints what the credentials have to be allowed';
const DENIED_HINTS: Record<string, string> = {
  InvalidAccessKeyId: 'look whether AWS_ACCESS_KEY_ID is right, and of this store',
  XAdminUserNotFound: 'look whether AWS_ACCESS_KEY_ID is right, and of this store',
  SignatureDoesNotMatch: 'look whether AWS_SECRET_ACCESS_KEY is right, and whether a proxy on the way changes requests',
  InvalidToken: 'look whether AWS_SESSION_TOKEN is of the same credentials',
};
const CERTIFICATE_HINT = 'where it is of a CA of your own, name its certificate in AWS_CA_BUNDLE';

/** Whether other credentials would do. */
export function isExpired(thrown: unknown): boolean {
  return EXPIRED_CODES.has(codeOf(thrown));
}

/** Of 404: what is not there is no object. versitygw says the second of an access key that it does not know. */
const NOT_OF_OBJECTS = new Set(['NoSuchBucket', 'XAdminUserNotFound']);

/** An object, a condition's or an upload in parts. HEAD has no words for a bucket that is not there: that looks the same. */
export function isMissing(thrown: unknown): boolean {
  return statusOf(thrown) === 404 && !NOT_OF_OBJECTS.has(codeOf(thrown));
}

/** Where the bucket is, by what the store answers to a question in a wrong region. */
export function otherRegion(thrown: unknown, asked: string): string | undefined {
  const { $response, Region } = thrown as SdkError;
  if (!REGION_CODES.has(codeOf(thrown)) && statusOf(thrown) !== 301 && statusOf(thrown) !== 400) return undefined;
  const region = $response?.headers?.['x-amz-bucket-region'] ?? Region;
  return region === asked ? undefined : region;
}

/** The code of the store's answer; empty where it said none. */
export function codeOf(thrown: unknown): string {
  const { Code, name } = thrown as SdkError;
  return statusOf(thrown) === undefined ? '' : (Code ?? name);
}

/** The status of the store's answer; undefined where none came. */
export function statusOf(thrown: unknown): number | undefined {
  const { $metadata, $response } = thrown as SdkError;
  return $metadata?.httpStatusCode ?? $response?.statusCode;
}

function answered(status: number | undefined, code: string): string {
  return [status, code === 'Unknown' || code === 'UnknownError' ? '' : code].filter(Boolean).join(' ');
}

/** In its own words, where it used some. */
function said({ message, name, $service }: SdkError): string {
  const from = $service === undefined || $service === 'S3' ? '' : ` (${$service})`;
  return !message || message === name || message.startsWith('Unknown') ? from : `${from}: ${quoted(message)}`;
}

/** What the SDK says when it finds no credentials, or cannot use what it found; empty for anything else. */
function credentialsText({ name, message }: SdkError): string {
  return PROVIDER_ERRORS.has(name) ? message : '';
}

function noCredentials(error: SdkError): string {
  return error.message.includes('Could not load credentials from any providers')
    ? 'there are no credentials'
    : `credentials cannot be used: ${error.message.split('\n')[0]}`;
}

function howToLogIn({ profile }: AskedStore): string {
  return profile === undefined
    ? 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile of ~/.aws with --profile'
    : `look whether ~/.aws/config or ~/.aws/credentials has a profile "${profile}" with credentials in it`;
}

function howToRenew({ profile }: AskedStore): string {
  return profile === undefined
    ? 'get new ones, and run the same again: what is there already is not sent again'
    : `aws sso login --profile ${profile}, or whatever else makes them; then run the same again`;
}

/** Of what broke below the SDK: in the error, or in what caused it. */
function networkCode(error: SdkError): string {
  const { code, cause } = error;
  if (typeof code === 'string') return code;
  return cause instanceof Error ? networkCode(cause as SdkError) : '';
}
