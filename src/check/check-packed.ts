import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { readFile } from '../io/open-file.ts';
import { locate } from '../publish/target.ts';
import { packedForms } from '../render/packed-forms.ts';
import { type CheckContext, readPageBytes } from './check-context.ts';

const unpack = { gzip: gunzipSync, br: brotliDecompressSync };

/** The packed forms beside a page: web servers send them in its place, so that they have to say the same. @param page from the site's root */
export function checkPackedForms(page: string, context: CheckContext): void {
  if (!context.config.precompress) return;
  let bytes: Buffer;
  try {
    bytes = readFile(locate(context.target, page));
  } catch {
    return; // that the page is missing is told elsewhere
  }
  for (const { path, coding } of packedForms(page)) {
    const packed = readPageBytes(path, context);
    if (packed && !isPacked(packed, bytes, unpack[coding])) {
      context.drifts.add(path, 'is not the page beside it, packed');
    }
  }
}

function isPacked(packed: Buffer, bytes: Buffer, unpackWith: typeof gunzipSync): boolean {
  try {
    return unpackWith(packed, { maxOutputLength: bytes.length + 1 }).equals(bytes);
  } catch {
    return false;
  }
}
