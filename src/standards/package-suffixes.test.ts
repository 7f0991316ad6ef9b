import { expect, test } from 'vitest';
import { fileKind } from '../scan/file-kinds.ts';
import { SHAPES } from '../setup/address-shapes.ts';
import { ENCODING_ENDINGS, isPackageName, SDIST_SUFFIXES, WHEEL_SUFFIX } from './package-suffixes.ts';
import { parseSdistFilename } from './sdist-filename.ts';
import { SERVED_SIDE_FILES, SIDE_FILES } from './side-files.ts';

test.each([...SDIST_SUFFIXES, WHEEL_SUFFIX])('a file that ends in %s is a package wherever kho looks', (suffix) => {
  const filename = `foo-1.0${suffix === WHEEL_SUFFIX ? '-py3-none-any' : ''}${suffix}`;
  expect([isPackageName(filename), fileKind(filename)]).toEqual([true, { is: 'package' }]);
  if (suffix !== WHEEL_SUFFIX) expect(parseSdistFilename(filename)).toMatchObject({ suffix });
  const served = new RegExp(SHAPES.packages);
  expect(served.test(`/packages/${filename}`)).toBe(true);
  for (const side of SIDE_FILES) {
    expect(fileKind(`${filename}.${side}`)).toEqual({ is: 'side-file', of: filename, side });
    expect(served.test(`/glibc/packages/${filename}.${side}`)).toBe(SERVED_SIDE_FILES.includes(side));
  }
});

test.each(['foo-1.0.tar', 'foo-1.0.egg', 'foo.whl.txt', 'whl', 'foo-1.0_tar.gz.part'])(
  'isPackageName() refuses %s',
  (filename) => {
    expect(isPackageName(filename)).toBe(false);
  },
);

test('ENCODING_ENDINGS are those of packed archives, which a web server would unpack on the way', () => {
  expect([...ENCODING_ENDINGS].sort()).toEqual(['.bz2', '.gz', '.tgz', '.xz']);
});
