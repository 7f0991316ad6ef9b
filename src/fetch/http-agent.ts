/** How another index is reached: proxies and certificates of the environment. */
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { EnvHttpProxyAgent } from 'undici';
import { KhoError } from '../errors.ts';
import type { ConnectGuard } from './guarded-connect.ts';

/** Milliseconds of silence after which a server counts as gone. */
export const SILENCE_MS = 30_000;

export interface ClientOptions {
  /** Nothing on this machine or in its network is asked, but for origins that were named (`logIn`, `allow`). */
  isGuarded?: boolean;
  /** Of silence, after which a server counts as gone: less where clients wait who are impatient themselves. */
  silenceMs?: number;
  /** Asked after each piece of a body that came: no more is read before it resolves. @param bytes of that piece */
  pace?: (bytes: number) => Promise<void>;
  /** Sent with each request: whoever it comes back to knows that it came from there. */
  via?: string;
}

/**
 * @param guard refuses servers that nobody named; a proxy looks names up itself
 * @throws {KhoError} USAGE for a proxy that is none
 */
export function agentOf(
  environment: NodeJS.ProcessEnv,
  guard?: ConnectGuard,
  silenceMs: number = SILENCE_MS,
): EnvHttpProxyAgent {
  const ca = certificates(environment);
  const tls = ca ? { ca } : {};
  const connecting = { timeout: silenceMs, ...tls };
  try {
    return new EnvHttpProxyAgent({
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
      connect: guard ? guard.connector(connecting) : connecting,
      requestTls: tls,
      proxyTls: tls,
    });
  } catch {
    // The fault may quote the address, and a password with it.
    throw new KhoError('USAGE', 'Cannot use the proxy that HTTP_PROXY or HTTPS_PROXY names: it is no address', {
      hint: 'write it like http://proxy.example:3128, and % in a password as %25',
    });
  }
}

/** Those of Node, and those that the variables of other clients name. NODE_EXTRA_CA_CERTS counts by itself, but not beside a list. */
export function certificates(environment: NodeJS.ProcessEnv): string[] | undefined {
  const paths = ['PIP_CERT', 'REQUESTS_CA_BUNDLE', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'].flatMap(
    (name) => environment[name] || [],
  );
  if (paths.length === 0) return undefined;
  const files = [...new Set(paths)].flatMap((path) => {
    try {
      return [readFileSync(path, 'utf8')];
    } catch {
      return []; // A folder, or gone: then Node's own must do.
    }
  });
  return [...rootCertificates, ...files];
}
