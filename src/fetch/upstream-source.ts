import { hash } from 'node:crypto';
import { KhoError } from '../errors.ts';
import { memorySource } from '../formats/byte-source.ts';
import { readPackage } from '../inspect/read-package.ts';
import { readMetadataAlone } from '../inspect/wheel-metadata.ts';
import type { PackageSource } from '../needs/package-source.ts';
import { FormatError } from '../problems.ts';
import { type CoreMetadata, parseMetadata } from '../standards/metadata.ts';
import { checkMetadataLimits } from '../standards/metadata-limits.ts';
import type { NormalizedName } from '../standards/name.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { withoutCredentials } from '../standards/without-credentials.ts';
import { type HttpClient, Unreachable } from './http-client.ts';
import { NoIndexPage } from './index-page-faults.ts';
import { PAGE_ACCEPT } from './page-accept.ts';
import { rangeSource } from './range-source.ts';
import { readIndexPage, type UpstreamCandidate } from './read-index-page.ts';
import { shownAddress } from './upstream-address.ts';

/** What is read whole into memory to get its metadata, where the server knows no ranges. In bytes. */
const WHOLE_LIMIT = 256 * 1024 * 1024;

/** A page as it came, and what its server said that tells it from another one. */
export interface RememberedPage {
  /** After redirects. */
  url: string;
  contentType: string;
  bytes: Buffer;
  etag?: string;
  modified?: string;
}

/** Pages of earlier runs: where one has not changed, it does not come again. */
export interface PageMemory {
  get(name: NormalizedName): RememberedPage | undefined;
  put(name: NormalizedName, page: RememberedPage): void;
}

/** What another index offers. Each page and each metadata is asked for once. */
export function upstreamSource(index: URL, client: HttpClient, memory?: PageMemory): PackageSource<UpstreamCandidate> {
  client.logIn(index);
  const pages = new Map<NormalizedName, Promise<readonly UpstreamCandidate[]>>();
  const metadataByUrl = new Map<string, Promise<CoreMetadata | undefined>>();
  return {
    candidates(name) {
      const page = pages.get(name) ?? askPage(name, index, client, memory);
      pages.set(name, page);
      return page;
    },
    metadata(file) {
      const metadata = metadataByUrl.get(file.url.href) ?? askMetadata(file, client);
      metadataByUrl.set(file.url.href, metadata);
      return metadata;
    },
  };
}

async function askPage(
  name: NormalizedName,
  index: URL,
  client: HttpClient,
  memory?: PageMemory,
): Promise<readonly UpstreamCandidate[]> {
  const url = new URL(`${name}/`, index);
  const known = memory?.get(name);
  return client.retried(() => askPageOnce(name, url, client, known, memory));
}

async function askPageOnce(
  name: NormalizedName,
  url: URL,
  client: HttpClient,
  known: RememberedPage | undefined,
  memory: PageMemory | undefined,
): Promise<readonly UpstreamCandidate[]> {
  const { etag, modified } = known ?? {};
  const { reply, bytes } = await client.getOnce(url, TEXT_LIMITS.indexPageBytes, {
    ...{ Accept: PAGE_ACCEPT, 'Accept-Encoding': 'gzip' },
    ...(etag !== undefined && { 'If-None-Match': etag }),
    ...(modified !== undefined && { 'If-Modified-Since': modified }),
  });
  if (reply.status === 304 && known && (etag ?? modified) !== undefined)
    return readIndexPage(known.bytes, known.contentType, new URL(known.url), name); // it was read before it was remembered
  if (reply.status === 404 || reply.status === 410) return [];
  if (reply.status !== 200) {
    throw new KhoError('UPSTREAM', `Cannot fetch from ${shownAddress(url)}: it answers ${reply.status}`, {
      hint:
        reply.status === 401 || reply.status === 403
          ? 'put name and password into the address (https://NAME:PASSWORD@…), or into .netrc'
          : 'look whether the address is that of an index',
    });
  }
  try {
    const contentType = reply.headers.get('content-type') ?? '';
    const files = readIndexPage(bytes, contentType, reply.url, name);
    const [newEtag, newModified] = [reply.headers.get('etag'), reply.headers.get('last-modified')];
    if ((newEtag ?? newModified) !== undefined) {
      const validators = {
        ...(newEtag !== undefined && { etag: newEtag }),
        ...(newModified !== undefined && { modified: newModified }),
      };
      memory?.put(name, { url: withoutCredentials(reply.url.href), contentType, bytes, ...validators });
    }
    return files;
  } catch (error) {
    if (!(error instanceof NoIndexPage)) throw error;
    throw new Unreachable(`${shownAddress(reply.url)} ${error.message}`); // it may be whole the next time
  }
}

type Way = (file: UpstreamCandidate, client: HttpClient) => Promise<CoreMetadata | undefined>;

/** One after the other, until one brings it: a server that has trouble with one may do well with the next. */
async function askMetadata(file: UpstreamCandidate, client: HttpClient): Promise<CoreMetadata | undefined> {
  for (const way of WAYS) {
    try {
      const metadata = await way(file, client);
      if (metadata) return metadata;
    } catch (error) {
      if (!(error instanceof FormatError) && !(error instanceof KhoError && error.code === 'UPSTREAM')) throw error;
    }
  }
  return undefined;
}

/** FILE.metadata (PEP 658), the end of the wheel and METADATA in it, all of it. */
const WAYS: readonly Way[] = [
  async (file, client) => {
    if (file.metadata === undefined) return undefined; // nothing would tell whether it is whole
    const url = new URL(file.url);
    url.pathname += '.metadata';
    const { reply, bytes } = await client.getWhole(url, TEXT_LIMITS.metadataBytes);
    if (reply.status !== 200 || hash('sha256', bytes, 'hex') !== file.metadata) return undefined;
    const metadata = parseMetadata(bytes);
    checkMetadataLimits(metadata);
    return metadata;
  },
  async (file, client) => {
    const source = file.wheel && (await rangeSource(file.url, client));
    return source && (await readMetadataAlone(file.filename, source)).metadata;
  },
  (file, client) =>
    client.retried(async () => {
      const { reply, bytes } = await client.getOnce(file.url, WHOLE_LIMIT);
      if (reply.status !== 200) return undefined;
      if (file.sha256 !== undefined && hash('sha256', bytes, 'hex') !== file.sha256)
        throw new Unreachable(`${shownAddress(file.url)} is not what the index names`); // a later try may bring the right file
      return (await readPackage(file.filename, memorySource(bytes))).metadata;
    }),
];
