import { expect, test } from 'vitest';
import { checksumsPage } from './checksums.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

test('checksumsPage() lists each file with its path from the repository, sorted', () => {
  const page = checksumsPage('musl', [
    { repository: 'musl', path: 'foo-1.0+x.whl', sha256: A },
    { repository: 'common', path: 'sub/bar-1.0.tar.gz', sha256: B },
    { repository: '.', path: 'baz-1.0.tar.gz', sha256: A },
  ]);
  expect(page.path).toBe('SHA256SUMS');
  expect(page.render()).toBe(
    `${B}  ../common/packages/sub/bar-1.0.tar.gz\n${A}  ../packages/baz-1.0.tar.gz\n${A}  packages/foo-1.0+x.whl\n`,
  );
});

test('checksumsPage() escapes folders as GNU sha256sum does, so that no line can pretend to be two', () => {
  const page = checksumsPage('.', [{ repository: '.', path: 'a\nb\\c/foo-1.0.zip', sha256: A }]);
  expect(page.render()).toBe(`\\${A}  packages/a\\nb\\\\c/foo-1.0.zip\n`);
});

test('checksumsPage() depends on the hashes, not on the order of the files', () => {
  const [one, two] = [
    { repository: '.', path: 'a.whl', sha256: A },
    { repository: '.', path: 'b.whl', sha256: B },
  ] as const;
  expect(checksumsPage('.', [one, two]).inputs).toBe(checksumsPage('.', [two, one]).inputs);
  expect(checksumsPage('.', [one, two]).inputs).not.toBe(checksumsPage('.', [one, { ...two, sha256: A }]).inputs);
});
