/** Where a proxy finds a bucket: at AWS by a name of its own, elsewhere below the store's address. Pure. */
import { KhoError } from '../../errors.ts';
import { quoted } from '../../standards/quoted.ts';
import { withoutCredentials } from '../../standards/without-credentials.ts';
import type { BucketPlace } from './edge-site.ts';

export interface BucketStore {
  /** As the store wants it, and TLS is about it. */
  host: string;
  /** Beside the server; empty where there is none. */
  upstream: string;
  /** In the server. */
  lines: string;
  /** Passes the client's own path on. @param more behind it */
  pass(more?: string): string;
  /** @param path from the site's root */
  passTo(path: string): string;
}

/** @throws {KhoError} USAGE */
export function bucketStore(
  { bucket, keyPrefix }: BucketPlace,
  { endpoint, region = 'us-east-1' }: { endpoint?: string; region?: string },
): BucketStore {
  if (!/^[a-z0-9-]+$/.test(region))
    throw new KhoError('USAGE', `Cannot use the region "${region}"`, { hint: 'give one like eu-central-1' });
  const isInHost = endpoint === undefined && isHostLabel(bucket);
  const address = endpoint ?? `https://${isInHost ? `${bucket}.` : ''}s3.${region}.amazonaws.com`;
  const [, scheme = '', host = '', name = '', path = ''] =
    /^(https?):\/\/(([a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?)((?:\/[\w.-]+)*)\/?$/i.exec(address) ?? [];
  if (host === '') {
    throw new KhoError('USAGE', `Cannot use the endpoint ${quoted(withoutCredentials(address))}`, {
      hint: 'give the address of the store: https://s3.example.org',
    });
  }
  const root = `${path}${isInHost ? '' : `/${bucket}`}${keyPrefix === '' ? '' : `/${keyPrefix.slice(0, -1)}`}`;
  const isFixed = /^(?:[\d.]+|\[.*\]|localhost)$/.test(name);
  const tls = scheme === 'https' ? tlsLines(name) : '';
  const to = isFixed ? `${scheme}://kho_store` : `${scheme}://$kho_store`;
  const port = scheme === 'https' ? 443 : 80;
  return {
    host,
    upstream: isFixed
      ? `\nupstream kho_store {\n    server ${/:\d+$/.test(host) ? host : `${host}:${port}`};\n    keepalive 16;\n}\n`
      : '',
    lines: isFixed ? tls : `${resolverLines(host)}${tls}`,
    pass: (more = '') => `proxy_pass ${to}${root}\${kho_raw}${more};`,
    passTo: (target) => `proxy_pass ${to}${root}${target};`,
  };
}

/** Certificates of AWS are good for one name before theirs: a bucket with a dot, or with what no host has, stands in the path. */
function isHostLabel(bucket: string): boolean {
  return /^[a-z0-9-]+$/.test(bucket);
}

/** A name is asked for again and again: stores move. */
function resolverLines(host: string): string {
  return `    resolver 127.0.0.53 valid=30s;  # CHANGE THIS to what /etc/resolv.conf names, if that is another
    set $kho_store "${host}";
`;
}

function tlsLines(name: string): string {
  return `    proxy_ssl_server_name on;
    proxy_ssl_name ${name};
    proxy_ssl_verify on;
    proxy_ssl_verify_depth 3;
    proxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;
`;
}
