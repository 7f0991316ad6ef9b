import { KhoError } from '../errors.ts';
import { quoted } from '../standards/quoted.ts';
import { withoutCredentials } from '../standards/without-credentials.ts';

/** @throws {KhoError} USAGE for one that is no address, or would send everything in the clear */
export function checkEndpoint(endpoint: string, insecure = false): URL {
  const refused = (why: string, hint: string) =>
    new KhoError('USAGE', `Cannot use ${quoted(withoutCredentials(endpoint))} as the endpoint of a bucket: ${why}`, {
      hint,
    });
  if (!/^https?:\/\//i.test(endpoint) || !URL.canParse(endpoint))
    throw refused('it is no address', 'it looks like https://s3.example.org');
  const url = new URL(endpoint);
  if (url.username !== '' || url.password !== '')
    throw refused(
      'it holds a name or a password',
      'give credentials by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or by a profile',
    );
  if (url.search !== '' || url.hash !== '')
    throw refused('it holds a ? or a #', 'name the address of the store alone; the bucket stands in s3://BUCKET');
  if (url.protocol === 'http:' && !insecure && !isLoopback(url.hostname))
    throw refused(
      'it is not encrypted, and not on this machine',
      'use https://, or insecure = true under [bucket] where the way there is safe',
    );
  return url;
}

/** @param host of a URL, which writes all forms of such an address in one */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
