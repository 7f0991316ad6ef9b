import { expect, test } from 'vitest';
import { ScriptedServer } from '../../test/support/scripted-server.ts';
import { normalizeName } from '../standards/name.ts';
import { HttpClient } from './http-client.ts';
import { upstreamSource } from './upstream-source.ts';

test('upstreamSource() asks for each page once', async () => {
  const server = await ScriptedServer.start();
  const client = new HttpClient({});
  try {
    const page = { meta: { 'api-version': '1.1' }, name: 'foo', files: [] };
    server.answers.set('/foo/', (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/vnd.pypi.simple.v1+json' }).end(JSON.stringify(page));
    });
    const source = upstreamSource(server.url('/'), client);
    for (const _ of [1, 2]) expect(await source.candidates(normalizeName('foo'))).toEqual([]);
    expect(server.requests).toHaveLength(1);
  } finally {
    await client.close();
    server.stop();
  }
});
