import { expect, test } from 'vitest';
import { isKnownPlatform, unknownTags } from './known-tags.ts';

function tagsOf(text: string) {
  const [python = '', abi = '', platform = ''] = text.split('-');
  return { python, abi, platform };
}

test.each([
  ...[
    'py3-none-any',
    'py2.py3-none-any',
    'cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64',
    'cp39-abi3-win_amd64',
  ],
  ...[
    'cp311-none-any',
    'pp310-pypy310_pp73-macosx_10_15_x86_64',
    'cp27-cp27mu-manylinux1_i686',
    'py3-none-linux_armv6l',
  ],
  ...[
    'cp313-cp313t-musllinux_1_2_aarch64',
    'py3-none-manylinux_2_12_armv6l',
    'graalpy311-graalpy242_311_native-linux_x86_64',
  ],
  ...[
    'py3-none-macosx_11_0_universal2',
    'cp34.cp35-abi3-win32',
    'py3-none-android_21_arm64_v8a',
    'cp313-cp313-ios_13_0_arm64_iphoneos',
  ],
  ...[
    'cp312-cp312-pyodide_2024_0_wasm32',
    'py3.11-none-any',
    'py3-none-linux_mips',
    'py3-none-freebsd_14_amd64',
    'cp3-none-any',
  ],
  ...['py3-none-win_x64.win_amd64', 'cp311-cp311-mingw_x86_64_ucrt_gnu'],
])('unknownTags() takes %s', (text) => expect(unknownTags(tagsOf(text), undefined)).toBeUndefined());

test.each([
  ['py3-none-manylinux_x86_64', 'py3-none-manylinux_2_17_x86_64'],
  ['py3-none-manylinux_2_28', 'py3-none-manylinux_2_28_x86_64'],
  ['py3-none-musllinux_1_2', 'py3-none-musllinux_1_2_x86_64'],
  ['py3-none-musllinux_aarch64', 'py3-none-musllinux_1_2_aarch64'],
  ['cp311-cp311-manylinux_2_17_arm64', 'cp311-cp311-manylinux_2_17_aarch64'],
  ['py3-none-x86_64', 'py3-none-linux_x86_64'],
  ['py3-none-amd64', 'py3-none-linux_x86_64'],
  ['py3-none-linux_arm64', 'py3-none-linux_aarch64'],
  ['py3-none-linux_amd64', 'py3-none-linux_x86_64'],
  ['py3-none-linux_armhf', 'py3-none-linux_armv7l'],
  ['py3-none-win_x64', 'py3-none-win_amd64'],
  ['py3-none-win64', 'py3-none-win_amd64'],
  ['py3-none-windows_x86_64', 'py3-none-win_amd64'],
  ['cp311-cp311-macosx_11_arm64', 'cp311-cp311-macosx_11_0_arm64'],
  ['cp311-cp311-macos_11_0_arm64', 'cp311-cp311-macosx_11_0_arm64'],
  ['cp311-cp311-macosx_11_0_aarch64', 'cp311-cp311-macosx_11_0_arm64'],
  ['3-none-any', 'py3-none-any'],
  ['python3-none-any', 'py3-none-any'],
  ['py3_11-none-any', 'py311-none-any'],
  ['cp3.11-cp3.11-any', 'cp311-none-any'],
  ['cp3.11-cp3.11-linux_x86_64', 'cp311-cp311-linux_x86_64'],
  ['py2.py3-none-win_x64', 'py2.py3-none-win_amd64'],
  ['py3-abi3-any', 'py3-none-any'],
  ['cp311-cp311-any', 'cp311-none-any'],
  ['py3-any-any', 'py3-none-any'],
  ['py3-none-linux', undefined],
  ['py3-none-none', undefined],
])('unknownTags() knows what is meant by %s', (text, meant) => {
  expect(unknownTags(tagsOf(text), undefined)).toEqual(meant === undefined ? {} : { meant });
});

test('unknownTags() goes by what is in the wheel', () => {
  const facts = { libc: 'musl', architectures: ['aarch64'], evidence: {} } as const;
  const binaries = { ...facts, architectures: [...facts.architectures] };
  expect(unknownTags(tagsOf('py3-none-manylinux_2_28'), binaries)).toEqual({ meant: 'py3-none-musllinux_1_2_aarch64' });
  expect(unknownTags(tagsOf('py3-none-linux'), binaries)).toEqual({ meant: 'py3-none-musllinux_1_2_aarch64' });
});

test('isKnownPlatform() lets systems be that kho does not know', () => {
  expect(['any', 'haiku_1_x86_64', 'linux_e2k', 'win_x64', 'x86_64'].filter(isKnownPlatform)).toEqual([
    'any',
    'haiku_1_x86_64',
    'linux_e2k',
  ]);
});
