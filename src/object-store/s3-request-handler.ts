/**
 * How the SDK's requests are sent: by the house's own client, which knows proxies and certificates of the environment, loses patience when
 * nothing comes, and notices what goes wrong with a body that is being sent.
 */
import type { HttpHandlerOptions, HttpRequest, HttpResponse } from '@smithy/types';
import type { EnvHttpProxyAgent } from 'undici';
import { agentOf } from '../fetch/http-agent.ts';

/** Milliseconds of silence after which a store counts as gone: it may flush what it got to slow disks first. */
const SILENCE_MS = 60_000;
/** While a store puts the parts of a big file together, it may say nothing for longer. */
const JOINING_MS = 600_000;

export class S3RequestHandler {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #agent: EnvHttpProxyAgent;
  readonly #queryOf: (query: NonNullable<HttpRequest['query']>) => string;

  /**
   * @param queryOf a query as it was signed
   * @throws {KhoError} USAGE for a proxy that is none
   */
  constructor(environment: NodeJS.ProcessEnv, queryOf: (query: NonNullable<HttpRequest['query']>) => string) {
    const bundle = environment['AWS_CA_BUNDLE'];
    this.#agent = agentOf({ ...environment, ...(bundle && { SSL_CERT_FILE: bundle }) }, undefined, SILENCE_MS);
    this.#queryOf = queryOf;
  }

  async handle(request: HttpRequest, { abortSignal }: HttpHandlerOptions = {}): Promise<{ response: HttpResponse }> {
    const query = request.query ? this.#queryOf(request.query) : '';
    const port = request.port === undefined ? '' : `:${request.port}`;
    const isJoining = request.method === 'POST' && request.query?.['uploadId'] !== undefined;
    const { statusCode, headers, body } = await this.#agent.request({
      origin: `${request.protocol}//${request.hostname}${port}`,
      path: `${request.path}${query === '' ? '' : `?${query}`}`,
      method: request.method as 'GET',
      headers: request.headers,
      body: request.body ?? null,
      headersTimeout: isJoining ? JOINING_MS : SILENCE_MS,
      ...(abortSignal && { signal: abortSignal }),
    });
    body.on('error', () => {}); // told to who reads it; nobody may
    const told = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    );
    return { response: { statusCode, headers: Object.fromEntries(told), body } };
  }

  /** The SDK asks; there is nothing to change. */
  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): object {
    return {};
  }

  destroy(): void {
    void this.#agent.destroy();
  }
}
