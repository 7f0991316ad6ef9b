/** Advisories from an address in OSV's export format: asked for only if they are others than those that were brought last. */
import { join } from 'node:path';
import { broughtPath, type ReadElsewhere, readHere } from '../advisories/read-advisories.ts';
import { KhoError } from '../errors.ts';
import { type HttpClient, type Reply, Unreachable } from '../fetch/http-client.ts';
import { networkFault } from '../fetch/network-fault.ts';
import { shownAddress } from '../fetch/upstream-address.ts';
import { removeFile, rename, writeInPieces } from '../io/disk.ts';
import { keptFields } from '../io/kept-fields.ts';
import { readKeptLines, writeKeptLines } from '../io/kept-lines.ts';
import { forgetIfReplaced, look } from '../io/open-file.ts';
import { temporaryName } from '../io/temporary-name.ts';
import { makeStateFolder, stateFolder } from '../publish/state-folder.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';

/** What tells one state of what is there from another. */
interface Brought {
  from: string;
  etag?: string;
  modified?: string;
}

/**
 * Ask once. What was brought before stays where this fails, and where what comes is no file of advisories.
 *
 * @param read does the work of what comes
 * @returns whether there was something new
 * @throws {KhoError} SITE, READ, WRITE, UPSTREAM
 */
export async function bringAdvisories(
  root: string,
  from: string,
  client: HttpClient,
  read: ReadElsewhere = readHere,
): Promise<boolean> {
  const url = new URL(from);
  forgetIfReplaced(stateFolder(root));
  const before = readBrought(root, from);
  const reply = await ask(url, before, client);
  if (reply.status === 304 && before) {
    reply.discard();
    return false;
  }
  if (reply.status !== 200) {
    reply.discard();
    throw new KhoError('UPSTREAM', `Cannot bring advisories from ${shownAddress(url)}: it answers ${reply.status}`, {
      hint: 'look whether "from" in [advisories] is the address of a zip in OSV\'s export format',
    });
  }
  makeStateFolder(root);
  const path = join(stateFolder(root), temporaryName());
  try {
    await writeInPieces(path, limited(reply, url));
    await read({ root, path, from });
    rename(path, broughtPath(root));
  } catch (error) {
    removeFile(path);
    throw error;
  }
  const etag = reply.headers.get('etag');
  const modified = reply.headers.get('last-modified');
  const brought: Brought = { from, ...(etag !== undefined && { etag }), ...(modified !== undefined && { modified }) };
  writeKeptLines(statePath(root), [JSON.stringify(brought)]);
  return true;
}

async function ask(url: URL, before: Brought | undefined, client: HttpClient): Promise<Reply> {
  try {
    client.logIn(url);
    return await client.get(url, {
      ...(before?.etag !== undefined && { 'If-None-Match': before.etag }),
      ...(before?.etag === undefined && before?.modified !== undefined && { 'If-Modified-Since': before.modified }),
    });
  } catch (error) {
    if (error instanceof Unreachable) throw cannotBring(url, error.message);
    throw error;
  }
}

async function* limited(reply: Reply, url: URL): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of reply.body) {
      size += chunk.length;
      if (size > TEXT_LIMITS.advisoryFileBytes) {
        reply.discard();
        throw cannotBring(url, `it is longer than ${TEXT_LIMITS.advisoryFileBytes} bytes`);
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof KhoError) throw error;
    throw cannotBring(url, `it breaks off: ${networkFault(error)}`);
  }
}

function cannotBring(url: URL, why: string): KhoError {
  return new KhoError('UPSTREAM', `Cannot bring advisories from ${shownAddress(url)}: ${why}`, {
    hint: 'those that were brought before go on to count',
  });
}

function statePath(root: string): string {
  return join(stateFolder(root), 'advisories-brought');
}

/** Only of what is still there. */
function readBrought(root: string, from: string): Brought | undefined {
  if (!look(broughtPath(root)) || !look(statePath(root))) return undefined;
  const { from: where, etag, modified } = keptFields(readKeptLines(statePath(root)).lines[0] ?? '');
  if (where !== from) return undefined;
  return { from, ...(typeof etag === 'string' && { etag }), ...(typeof modified === 'string' && { modified }) };
}
