import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { advisoryZip, osvRecord } from '../../../test/support/make-advisories.ts';
import { makeWheel, wheelFilename } from '../../../test/support/make-package.ts';
import { ScriptedServer } from '../../../test/support/scripted-server.ts';
import { TestSite } from '../../../test/support/site.ts';
import { run } from '../program.ts';

let site: TestSite;
let server: ScriptedServer;
beforeEach(async () => {
  process.exitCode = undefined;
  site = new TestSite();
  server = await ScriptedServer.start();
  site.put('kho.toml', '[advisories]\nfrom = "osv.zip"\n[repositories.a]\nplatforms = ["glibc-x86_64"]\n');
  site.put('a/packages/README', '');
  const files = ['1.0', '2.0'].map((version) => {
    const wheel = { name: 'foo', version };
    const bytes = makeWheel(wheel);
    server.file(`/files/${wheelFilename(wheel)}`, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { filename: wheelFilename(wheel), url: `/files/${wheelFilename(wheel)}`, hashes: { sha256 } };
  });
  const page = { meta: { 'api-version': '1.1' }, name: 'foo', files };
  server.page('/simple/foo/', JSON.stringify(page), 'application/vnd.pypi.simple.v1+json');
});
afterEach(() => {
  process.exitCode = undefined;
  server.stop();
  site.close();
});

async function fetchFoo(): Promise<{ brought: string[]; talk: string }> {
  const talk: string[] = [];
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const error = vi.spyOn(process.stderr, 'write').mockImplementation((text) => talk.push(String(text)) > 0);
  try {
    const from = server.url('/simple/').href;
    await run(['fetch', site.root, '--need', 'foo', '--for', 'glibc-x86_64', '--python', '3.11', '--from', from]);
  } finally {
    out.mockRestore();
    error.mockRestore();
  }
  await site.build();
  const brought = Object.keys(site.snapshot()).filter(
    (path) => path.endsWith('.whl') && path.startsWith('a/packages/'),
  );
  return { brought, talk: talk.join('') };
}

test('kho fetch brings no known malware, says so, and takes what is not', async () => {
  site.put(
    'osv.zip',
    advisoryZip(osvRecord('MAL-1', 'foo', { versions: ['2.0'] }), osvRecord('GHSA-1', 'foo', { versions: ['1.0'] })),
  );
  const { brought, talk } = await fetchFoo();
  expect(brought).toEqual(['a/packages/foo-1.0-py3-none-any.whl']);
  expect(talk).toContain('left out, since it is known malware: foo 2.0 (MAL-1)');
});

test('kho fetch stops where advisories are asked for, and none were ever read', async () => {
  await expect(fetchFoo()).rejects.toThrow('nothing was ever read of "osv.zip"');
});
