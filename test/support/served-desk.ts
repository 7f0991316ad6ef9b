import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { addToken } from '../../src/access/edit-tokens.ts';
import { TokenStore } from '../../src/access/token-store.ts';
import { loadSite } from '../../src/config/load-config.ts';
import { RefusalLog } from '../../src/log/refusal-log.ts';
import { Door } from '../../src/upload/door.ts';
import { UploadDesk, type UploadDeskOptions } from '../../src/upload/upload-desk.ts';
import { until } from './served-uploads.ts';
import { TestSite } from './site.ts';

type Receiving = ReturnType<UploadDesk['receive']>;

/**
 * A desk by itself, over HTTP, with a token for it, until the test is over.
 *
 * @param onRequest is told of each, and of what becomes of it
 */
export async function serveDesk(
  options: Pick<UploadDeskOptions, 'take' | 'publish' | 'limits'>,
  onRequest: (request: IncomingMessage, response: ServerResponse, receiving: Receiving) => void,
): Promise<{ url: string; secret: string }> {
  const site = new TestSite();
  onTestFinished(() => site.close());
  site.put('kho.toml', 'pages = false\n[upload]\nenabled = true\nkeep_free = "1 MB"\n');
  site.wheel('glibc', { name: 'always', version: '1.0' });
  const { config } = await loadSite(site.root);
  const wanted = { name: 'ci', rights: ['upload', 'new'] as const, repositories: [], projects: [] };
  const { secret } = await addToken(config, wanted, { now: Date.now() });
  const refusals = new RefusalLog(config.root);
  const door = new Door(new TokenStore(config.root), refusals);
  const desk = new UploadDesk({ config: () => config, ...{ door, refusals }, ...options });
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    const hosts: string[] = [];
    const asked = { request, response, repository: 'glibc', address: 'x', client: 'x', isConfidential: true, hosts };
    onRequest(request, response, desk.receive({ ...asked, isDirect: true }));
  });
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await until(() => server.listening);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, secret };
}
