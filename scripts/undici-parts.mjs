/**
 * What kho asks of undici, in the bundle in its place. Its own index names all that it has, `fetch` as browsers have it, caches and mocks among
 * it: each process that asks a server anything would unpack that, and keep it.
 */
import requestBy from 'undici/lib/api/api-request.js';
import buildConnector from 'undici/lib/core/connect.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';

/** As undici's own index does, with all that it has. */
Object.assign(Dispatcher.prototype, { request: requestBy });

export { buildConnector, EnvHttpProxyAgent };

/**
 * As undici's own, with an address that is a URL.
 *
 * @param {URL} url
 * @param {import('undici').Dispatcher.RequestOptions & { dispatcher: import('undici').Dispatcher }} options
 */
export function request({ origin, pathname, search }, { dispatcher, ...options }) {
  return dispatcher.request({ method: 'GET', ...options, origin, path: pathname + search });
}
