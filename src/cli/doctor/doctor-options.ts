/** What `kho doctor` is told on its command line. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { KhoError } from '../../errors.ts';
import { quoted } from '../../standards/quoted.ts';
import { withoutCredentials } from '../../standards/without-credentials.ts';

/** @throws {KhoError} USAGE */
export function parseAddress(text: string): URL {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return new URL(text);
  throw new KhoError('USAGE', `Cannot look at ${quoted(withoutCredentials(text))}: it is no address`, {
    hint: 'it begins with https://, or with s3:// where it is a bucket',
  });
}

/**
 * `host:address`; also as curl has it, `host:port:address`, where the port is that of the address or `*`.
 *
 * @throws {KhoError} USAGE
 */
export function parseResolve(all: readonly string[], asked: URL): Map<string, string> {
  const port = asked.port || (asked.protocol === 'https:' ? '443' : '80');
  return new Map(
    all.flatMap((text): [string, string][] => {
      const [, host = '', onlyPort = '*', written = ''] = /^([^:[\]]+):(?:(\d+|\*):(?=[[\d]))?(.+)$/.exec(text) ?? [];
      const address = written.replace(/^\[(.*)\]$/, '$1');
      if (isIP(address) === 0) {
        throw new KhoError('USAGE', `Cannot resolve ${quoted(text)}: it is not a host and an IP address`, {
          hint: 'write it like --resolve packages.example.org:192.0.2.7',
        });
      }
      return onlyPort === '*' || onlyPort === port ? [[host.toLowerCase(), address]] : [];
    }),
  );
}

/** @throws {KhoError} READ when it cannot be read, or holds none */
export function readCertificates(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new KhoError('READ', `Cannot read "${path}"`, { cause });
  }
  if (/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(text)) return text;
  throw new KhoError('READ', `Cannot use "${path}": it holds no certificate in PEM`, {
    hint: 'name the certificate of the CA, not its key; openssl x509 -inform der -in FILE -out FILE.pem makes PEM of DER',
  });
}
