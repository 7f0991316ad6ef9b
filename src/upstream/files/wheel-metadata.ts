import { hash } from 'node:crypto';
import { KhoError } from '../../errors.ts';
import { type HttpClient, readBody } from '../../fetch/http-client.ts';
import { rangeSource } from '../../fetch/range-source.ts';
import { readMetadataAlone } from '../../inspect/wheel-metadata.ts';
import { FormatError } from '../../problems.ts';
import { TEXT_LIMITS } from '../../standards/text-limits.ts';
import type { UpstreamFile } from '../../upstream-model.ts';

/**
 * FILE.metadata of a wheel that is not here: as its index has it, where that promised it with a hash and keeps it; else out of the end of
 * the wheel, which is asked for in two parts.
 *
 * @returns undefined where neither can be had
 */
export async function bringMetadata(file: UpstreamFile, client: HttpClient): Promise<Uint8Array | undefined> {
  for (const way of [promised, fromWheel]) {
    try {
      const bytes = await way(file, client);
      if (bytes !== undefined) return bytes;
    } catch (error) {
      if (!(error instanceof FormatError) && !(error instanceof KhoError && error.code === 'UPSTREAM')) throw error;
    }
  }
  return undefined;
}

async function promised({ url, metadataSha256 }: UpstreamFile, client: HttpClient): Promise<Uint8Array | undefined> {
  if (metadataSha256 === undefined) return undefined;
  const address = new URL(url);
  address.pathname += '.metadata';
  return client.retried(async () => {
    const reply = await client.get(address);
    if (reply.status !== 200) {
      reply.discard();
      return undefined;
    }
    const bytes = await readBody(reply, TEXT_LIMITS.metadataBytes);
    return hash('sha256', bytes, 'hex') === metadataSha256 ? bytes : undefined;
  });
}

async function fromWheel({ filename, url }: UpstreamFile, client: HttpClient): Promise<Uint8Array | undefined> {
  if (!filename.endsWith('.whl')) return undefined;
  const source = await rangeSource(new URL(url), client);
  return source && (await readMetadataAlone(filename, source)).metadataBytes;
}
