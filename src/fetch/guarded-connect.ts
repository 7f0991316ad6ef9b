/**
 * Where a server may be that another server names: never this machine, nor the network that it stands in. Pages of indexes hold
 * addresses, and redirects lead to others: whoever writes them could have kho read what only this machine can reach.
 */
import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';

/** Loopback, private, link-local, shared by providers (RFC 6598), for tests, to many, reserved; and IPv6 ways around IPv4. */
const NOT_PUBLIC: Record<'ipv4' | 'ipv6', [network: string, bits: number][]> = {
  ipv4: [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['224.0.0.0', 3],
  ],
  ipv6: [
    ['::', 96],
    ['::ffff:0:0', 96],
    ['64:ff9b::', 96],
    ['64:ff9b:1::', 48],
    ['2002::', 16],
    ['fc00::', 7],
    ['fe80::', 9],
    ['ff00::', 8],
  ],
};

/** A list for each: in one for both, what stands for IPv4 in IPv6 would stand for all of it. */
const BLOCKED = { ipv4: blockList('ipv4'), ipv6: blockList('ipv6') };

function blockList(family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [network, bits] of NOT_PUBLIC[family]) list.addSubnet(network, bits, family);
  return list;
}

/** @param address as it stands in an address, or as it was looked up */
export function isPublicAddress(address: string): boolean {
  const [bare = ''] = address.replace(/^\[|\]$/g, '').split('%', 1);
  const version = isIP(bare);
  const family = version === 4 ? 'ipv4' : 'ipv6';
  return version !== 0 && !BLOCKED[family].check(bare, family);
}

/** Knows the servers that people named themselves: these may be anywhere. */
export class ConnectGuard {
  readonly #named = new Set<string>();

  /** All of its origin, from now on. */
  allow(url: URL): void {
    this.#named.add(originOf(url));
  }

  /** Why nothing may be asked there, as far as its address says it, in words that follow it; undefined when it may. */
  refusal(url: URL): string | undefined {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (this.#named.has(originOf(url)) || isIP(host) === 0 || isPublicAddress(host)) return undefined;
    return 'is on this machine, or in its own network, and nobody named it in kho.toml';
  }

  /** As undici's own, but that names which lead to this machine or its network are refused when they are looked up. */
  connector(options: buildConnector.BuildOptions): buildConnector.connector {
    const free = buildConnector(options);
    const guarded = buildConnector({ ...options, lookup: publicLookup } as buildConnector.BuildOptions);
    return (target, callback) => {
      const isNamed = this.#named.has(originOf(target));
      return (isNamed ? free : guarded)(target, callback);
    };
  }
}

/** With its port, also where that is the usual one. */
function originOf({ protocol, hostname, port }: Pick<URL, 'protocol' | 'hostname' | 'port'>): string {
  return `${protocol}//${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
}

const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, options, (error, address: string | LookupAddress[], family) => {
    const found = typeof address === 'string' ? [address] : (address ?? []).map((each) => each.address);
    if (error === null && !found.every(isPublicAddress)) {
      const refused = new Error(`"${hostname}" leads to this machine, or to its own network`);
      callback(Object.assign(refused, { code: 'EACCES' }), '', 0);
    } else callback(error, address, family);
  });
};
