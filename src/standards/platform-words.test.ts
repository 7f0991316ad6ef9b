import { expect, test } from 'vitest';
import { platformWords } from './platform-words.ts';

const words = (...tags: string[]) =>
  platformWords(tags.map((tag) => ({ filename: `foo-1.0-${tag}.whl`, kind: 'wheel' as const })));

test.each([
  ['py3-none-any', ['any']],
  ['cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64', ['manylinux x86_64']],
  ['cp27-cp27mu-manylinux1_i686', ['manylinux i686']],
  ['cp311-cp311-manylinux_2_31_armv7l', ['manylinux armv7l']],
  ['cp311-cp311-musllinux_1_2_aarch64', ['musllinux aarch64']],
  ['cp311-cp311-linux_armv7l', ['linux_armv7l']],
  ['cp311-cp311-linux_armv6l.linux_armv7l', ['linux_armv6l', 'linux_armv7l']],
  ['cp311-cp311-macosx_10_9_universal2', ['macOS']],
  ['cp311-cp311-win32', ['Windows']],
  ['cp311-cp311-win_amd64', ['Windows']],
  ['cp313-cp313-ios_13_0_arm64_iphoneos', ['iOS']],
  ['cp313-cp313-android_24_x86_64', ['Android']],
  ['cp312-cp312-pyodide_2024_0_wasm32', ['WebAssembly']],
  ['cp312-cp312-emscripten_3_1_58_wasm32', ['WebAssembly']],
  ['cp312-cp312-pyemscripten_2025_0_wasm32', ['WebAssembly']],
  ['cp27-none-ANY', ['any']],
  ['cp27-cp27m-cygwin_2_x86_64', ['cygwin_2_x86_64']],
  ['py3-none-windows_95', ['windows_95']],
])('platformWords() says of %s: %j', (tag, expected) => {
  expect(words(tag)).toEqual(expected);
});

test('platformWords() says each once, in an order of its own, sdists last', () => {
  const files = [
    { filename: 'foo-1.0.tar.gz', kind: 'sdist' as const },
    ...[
      'cp311-cp311-win_amd64',
      'cp311-cp311-win32',
      'cp311-cp311-musllinux_1_2_x86_64',
      'py3-none-any',
      'cp312-cp312-manylinux_2_28_x86_64',
      'cp311-cp311-manylinux_2_28_aarch64',
    ].map((tag) => ({ filename: `foo-1.0-${tag}.whl`, kind: 'wheel' as const })),
  ];
  expect(platformWords(files)).toEqual([
    'any',
    'manylinux aarch64',
    'manylinux x86_64',
    'musllinux x86_64',
    'Windows',
    'sdist',
  ]);
});
