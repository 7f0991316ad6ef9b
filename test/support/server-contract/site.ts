import { createHash } from 'node:crypto';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeWheel } from '../make-package.ts';
import { TestSite } from '../site.ts';

/** In every file of the site that nobody may see. */
export const SECRET = 'kho-contract-secret';

/** Bytes of the biggest wheel, so that ranges have something to choose from: neither text nor compressible. */
const NOISE = Buffer.concat(
  Array.from({ length: 1500 }, (_, place) => createHash('sha256').update(`${place}`).digest()),
);

/**
 * The site that the contract's checks know: two repositories, `glibc` including `common`, all kinds of names, and files
 * that may not be served lying about. It is built in place, so that hidden files are within reach of a careless server.
 */
export async function makeContractSite(settings = ''): Promise<TestSite> {
  const site = new TestSite();
  chmodSync(site.root, 0o755); // Other servers run as somebody else.
  site.put('kho.toml', `# ${SECRET}\n${settings}\n[repositories.glibc]\ninclude = ["common"]\nsync = true\n`);

  site.wheel('glibc', {
    name: 'Foo_Bar.baz',
    version: '1.0',
    tag: 'cp311-cp311-linux_x86_64',
    metadata: 'Requires-Python: >=3.8',
    members: { 'noise.bin': NOISE },
  });
  site.wheel('glibc', { name: 'foo-bar-baz', version: '2.0+cpu.1' });
  site.put('glibc/packages/foo_bar_baz-2.0+cpu.1-py3-none-any.whl.yanked', 'broken <b>');
  site.sdist('glibc', { name: 'foo-bar-baz', version: '1.5' });
  site.wheel('glibc', { name: 'plain', version: '1.0' });
  site.put('glibc/packages/plain-1.0-py3-none-any.whl.asc', 'a signature');
  site.put('glibc/packages/plain-1.0-py3-none-any.whl.provenance', '{"version":1,"attestation_bundles":[]}');
  site.wheel('glibc', { name: 'deep', version: '1.0' });
  site.put('glibc/packages/sub/folder/deeper-1.0-py3-none-any.whl', makeWheel({ name: 'deeper', version: '1.0' }));
  site.wheel('common', { name: 'shared', version: '3.0' });
  site.sdist('common', { name: 'plain', version: '0.9', suffix: '.zip' });

  await site.build();
  for (const path of [...HIDDEN, ...HELD]) if (!isMadeElsewhere(path)) site.put(path, `${SECRET}\n`);
  symlinkSync(join(site.root, 'kho.toml'), join(site.root, 'glibc/packages/leads_out-1.0-py3-none-any.whl'));
  symlinkSync(site.root, join(site.root, 'glibc/packages/up'));
  return site;
}

/** Put there after the build; a static server has to know each of them by its name. */
export const HIDDEN = [
  '.env',
  '.git/config',
  '.kho/secret',
  '.kho-keep/origins',
  'glibc/.htpasswd',
  'glibc/.kho/secret',
  'glibc/packages/.hidden-1.0-py3-none-any.whl',
  'glibc/packages/.kho-upload.tmp',
  'glibc/simple/.secret',
  'glibc/simple/plain/.secret',
  'incoming/waits-1.0-py3-none-any.whl',
  'incoming/refused/other-1.0-py3-none-any.whl.txt',
  'originals/glibc/old-1.0-py3-none-any.whl',
] as const;

/** In `packages/`, and not listed: only a server that knows what was published can tell. */
export const HELD = [
  'glibc/packages/README.txt',
  'glibc/packages/broken-1.0-py3-none-any.whl',
  'glibc/packages/broken-1.0-py3-none-any.whl.metadata',
  'glibc/packages/uploading-1.0-py3-none-any.whl.filepart',
  'glibc/packages/leads_out-1.0-py3-none-any.whl',
  'glibc/packages/foo_bar_baz-2.0+cpu.1-py3-none-any.whl.yanked',
  'glibc/packages/foo_bar_baz-2.0%2Bcpu.1-py3-none-any.whl.yanked',
  'glibc/packages/sub/folder/plain-1.0-py3-none-any.whl',
  'glibc/packages/up/kho.toml',
  'glibc/packages/up/glibc/packages/plain-1.0-py3-none-any.whl',
  'gen.sh',
  'glibc/notes.txt',
] as const;

/** Through links, by the build, or the same file in another spelling. */
function isMadeElsewhere(path: string): boolean {
  return /leads_out|\.yanked$|packages\/up\//.test(path);
}
