import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { agentOf, certificates } from './http-agent.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kho-agent-'));
  for (const name of ['one', 'two']) writeFileSync(join(folder, name), `the certificate ${name}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});
const at = (name: string) => join(folder, name);

test.each(['PIP_CERT', 'REQUESTS_CA_BUNDLE', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'])(
  'certificates() has what %s names, beside those of Node',
  (name) => {
    expect(certificates({ [name]: at('one') })).toEqual([...rootCertificates, 'the certificate one']);
  },
);

test('certificates() has each file once, and does without those that cannot be read', () => {
  const environment = { PIP_CERT: at('one'), REQUESTS_CA_BUNDLE: at('two'), SSL_CERT_FILE: at('one') };
  expect(certificates({ ...environment, NODE_EXTRA_CA_CERTS: at('gone') })?.slice(rootCertificates.length)).toEqual([
    'the certificate one',
    'the certificate two',
  ]);
});

test('certificates() leaves it to Node where no variable names any', () => {
  expect([certificates({}), certificates({ PIP_CERT: '' })]).toEqual([undefined, undefined]);
});

test('agentOf() quotes nothing of a proxy that is none, since a password may be in it', () => {
  vi.stubEnv('https_proxy', 'http://me:100%secret@[');
  expect(() => agentOf({})).toThrow(
    expect.objectContaining({
      code: 'USAGE',
      message: 'Cannot use the proxy that HTTP_PROXY or HTTPS_PROXY names: it is no address',
      hint: expect.stringContaining('http://proxy.example:3128'),
    }),
  );
});
