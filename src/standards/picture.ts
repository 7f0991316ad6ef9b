/** Which picture a file is, told by how it begins, and its shape as far as that is easily told. */

export interface Picture {
  /** Of the media type, what comes after `image/`. */
  type: 'png' | 'jpeg' | 'webp' | 'svg+xml';
  /** Width by height; 1 where the file does not say it at its start. */
  ratio: number;
}

/** So far into a file of SVG its first element begins, behind comments and what XML has before it. In bytes. */
const SVG_STARTS_WITHIN = 4096;

/** Undefined for what is none of these. */
export function pictureOf(bytes: Uint8Array): Picture | undefined {
  const latin = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, SVG_STARTS_WITHIN)).toString(
    'latin1',
  );
  if (latin.startsWith('\x89PNG\r\n\x1a\n')) return { type: 'png', ratio: pngRatio(bytes) };
  if (latin.startsWith('\xff\xd8\xff')) return { type: 'jpeg', ratio: 1 };
  if (latin.startsWith('RIFF') && latin.startsWith('WEBP', 8)) return { type: 'webp', ratio: 1 };
  const start = latin.indexOf('<svg');
  if (start < 0 || !/^(?:\xef\xbb\xbf)?\s*</.test(latin)) return undefined;
  return { type: 'svg+xml', ratio: svgRatio(latin.slice(start, latin.indexOf('>', start))) };
}

function pngRatio(bytes: Uint8Array): number {
  if (bytes.length < 24) return 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return positive(view.getUint32(16) / view.getUint32(20));
}

function svgRatio(tag: string): number {
  const box =
    /\bviewBox\s*=\s*["']\s*[-\d.]{1,20}[\s,]{1,9}[-\d.]{1,20}[\s,]{1,9}([\d.]{1,20})[\s,]{1,9}([\d.]{1,20})/.exec(tag);
  return positive(Number(box?.[1]) / Number(box?.[2]));
}

function positive(ratio: number): number {
  return Number.isFinite(ratio) && ratio > 0 ? ratio : 1;
}
