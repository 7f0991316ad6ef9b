import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOrThrow } from './run-program.ts';

/** A certificate authority that only a test knows, and a certificate of it for the loopback interface. */
export interface TestCa {
  /** Files in PEM. */
  ca: string;
  certificate: string;
  key: string;
  /** The authority's certificate, in PEM. */
  caText: string;
  remove(): Promise<void>;
}

/** As strict clients want it: Python 3.13 refuses an authority without keyUsage. */
const EXTENSIONS = `
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = IP:127.0.0.1, DNS:localhost
[req]
distinguished_name = name
prompt = no
[name]
CN = kho tests
`;

export async function makeTestCa(): Promise<TestCa> {
  const folder = await mkdtemp(join(tmpdir(), 'kho-ca-'));
  const config = join(folder, 'openssl.cnf');
  await writeFile(config, EXTENSIONS);
  const openssl = (...words: string[]) => runOrThrow('openssl', words, { cwd: folder });
  const request = ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-config', config];
  await openssl(
    ...request,
    '-x509',
    '-days',
    '2',
    '-extensions',
    'ca',
    '-subj',
    '/CN=kho test CA',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  await openssl(...request, '-subj', '/CN=127.0.0.1', '-keyout', 'server.key', '-out', 'server.csr');
  const sign = [
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
  ];
  await openssl(...sign, '-extfile', config, '-extensions', 'server', '-out', 'server.pem');
  await chmod(folder, 0o755); // Servers run as somebody else.
  await chmod(join(folder, 'server.key'), 0o644);
  return {
    ca: join(folder, 'ca.pem'),
    certificate: join(folder, 'server.pem'),
    key: join(folder, 'server.key'),
    caText: readFileSync(join(folder, 'ca.pem'), 'utf8'),
    remove: () => rm(folder, { recursive: true }),
  };
}
