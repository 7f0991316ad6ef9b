import { makeSdist, makeWheel } from './make-package.ts';
import type { TestSite } from './site.ts';

const FOO = 'foo-1.0-py3-none-any.whl';

/** A new file with a side-file, one that is published already, two that have to be refused, a side-file on its own. */
export function dropFiles(incoming: TestSite): void {
  const other = (description: string) => makeWheel({ name: 'foo', version: '1.0', description });
  incoming.put('new-1.0.tar.gz', makeSdist({ name: 'new', version: '1.0' }));
  incoming.put('new-1.0.tar.gz.asc', 'signature');
  incoming.put('sub/bar-1.0-py3-none-any.whl', makeWheel({ name: 'bar', version: '1.0' }));
  incoming.put(`a/${FOO}`, other('a'));
  incoming.put(`a/${FOO}.asc`, 'signature of a');
  incoming.put(`b/${FOO}`, other('b'));
  incoming.put('bar-1.0-py3-none-any.whl.yanked', 'broken');
}

/** A site that takes each name once. */
export function fillForIncoming(site: TestSite): void {
  site.put('kho.toml', '[repositories.glibc]\noverwrite = false\n');
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  site.wheel('glibc', { name: 'bar', version: '1.0' });
}
