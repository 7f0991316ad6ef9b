import { expect, test } from 'vitest';
import { pictureOf } from './picture.ts';

const png = (width: number, height: number) => {
  const bytes = Buffer.alloc(40);
  bytes.write('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
};

test.each([
  ['PNG', png(64, 32), 'png', 2],
  ['PNG of no height', png(64, 0), 'png', 1],
  ['PNG that ends early', png(1, 1).subarray(0, 12), 'png', 1],
  ['JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'jpeg', 1],
  ['WebP', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1'), 'webp', 1],
  ['SVG', Buffer.from('<?xml version="1.0"?>\n<svg viewBox="0 0 30 10"><path/></svg>'), 'svg+xml', 3],
  ['SVG without a box', Buffer.from('<svg><path/></svg>'), 'svg+xml', 1],
] as const)('pictureOf() knows %s', (_what, bytes, type, ratio) => {
  expect(pictureOf(bytes)).toEqual({ type, ratio });
});

test.each([
  ['nothing', ''],
  ['text', 'a logo'],
  ['text with a tag in it', 'see <svg>'],
  ['HTML', '<html><body>'],
  ['GIF', 'GIF89a'],
])('pictureOf() takes %s for no picture', (_what, text) => {
  expect(pictureOf(Buffer.from(text))).toBeUndefined();
});
