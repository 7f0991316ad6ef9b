/**
 * What a proxy in front of the server says of the request it passes on. Believed only when it comes from a trusted
 * address: anybody can write such headers.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { isHost } from '../standards/http/host.ts';
import { withoutTrailing } from '../standards/trailing.ts';
import { plainAddress } from './client.ts';

export interface Forwarded {
  /** Of the client itself. */
  address: string;
  /** Where the site's root is for the client: without a slash at its end; absent when there is no way to tell. */
  siteUrl?: string;
  /** The path under which the proxy shows the site: starts with a slash, ends without; empty when there is none. */
  prefix: string;
  /** Between the client and whoever is trusted. */
  isEncrypted: boolean;
}

/** In characters: it stands before each address of a page. */
const LONGEST_PREFIX = 255;
const PREFIX = /^(?:\/[\w.~!$&'()*+,;=:@%-]+)+$/;

/** Of a request. */
interface Asked {
  headers: IncomingHttpHeaders;
  /** That the request names; absent when it names none. */
  host: string | undefined;
  socket: { remoteAddress?: string | undefined; encrypted?: boolean };
}

export class TrustedProxies {
  readonly #list = new BlockList();

  /** @param proxies addresses and networks without faults */
  constructor(proxies: readonly string[]) {
    for (const proxy of proxies) {
      const [address = '', bits] = proxy.split('/');
      const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
      if (bits === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(bits), family);
    }
  }

  /** @param address undefined for a unix socket: who may open it is up to its owner */
  trusts(address: string | undefined): boolean {
    if (address === undefined) return true;
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && this.#list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  }

  read({ headers, host: asked, socket }: Asked): Forwarded {
    const peer = socket.remoteAddress;
    const isTrusted = this.trusts(peer);
    const own = peer === undefined ? 'unix' : plainAddress(peer);
    const prefix = isTrusted ? readPrefix(headers['x-forwarded-prefix']) : '';
    const forwardedHost = isTrusted ? lastOf(headers['x-forwarded-host']) : undefined;
    const forwardedProto = isTrusted ? lastOf(headers['x-forwarded-proto'])?.toLowerCase() : undefined;
    const host = forwardedHost ?? asked ?? '';
    const proto =
      forwardedProto === 'http' || forwardedProto === 'https' ? forwardedProto : socket.encrypted ? 'https' : 'http';
    return {
      address: isTrusted ? this.#client(headers['x-forwarded-for'], own) : own,
      prefix,
      isEncrypted: proto === 'https',
      ...(isHost(host) && { siteUrl: `${proto}://${host}${prefix}` }),
    };
  }

  /** Each proxy adds the address it saw at the end: the last one that is no proxy of ours is the client. */
  #client(header: string | string[] | undefined, own: string): string {
    const hops = [header ?? []]
      .flat()
      .join(',')
      .split(',')
      .map((hop) => plainAddress(hop.trim()));
    let client = own;
    for (const hop of hops.reverse()) {
      if (isIP(hop) === 0) break;
      client = hop;
      if (!this.trusts(hop)) break;
    }
    return client;
  }
}

function lastOf(header: string | string[] | undefined): string | undefined {
  return [header ?? []].flat().at(-1)?.split(',').at(-1)?.trim();
}

function readPrefix(header: string | string[] | undefined): string {
  const prefix = withoutTrailing(lastOf(header) ?? '', '/');
  return prefix.length <= LONGEST_PREFIX && PREFIX.test(prefix) && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(prefix)
    ? prefix
    : '';
}
