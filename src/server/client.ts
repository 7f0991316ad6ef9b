/** Who counts as one client: an IPv4 address, or the /64 of an IPv6 one, which is what one household or machine gets (RFC 6177). */
import { isIPv6 } from 'node:net';

/** IPv4 in the clothes of IPv6, as sockets that listen on both show it. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || plain.startsWith('127.');
}

/** @param address as a socket or a proxy gives it; undefined for a unix socket */
export function clientOf(address: string | undefined): string {
  if (address === undefined) return 'unix';
  const plain = plainAddress(address);
  return isIPv6(plain) ? `${firstGroups(plain).join(':')}::/64` : plain;
}

/** The first four of the eight groups, without leading zeros. */
function firstGroups(address: string): string[] {
  const [before = '', after] = address.split('::');
  const groups = before === '' ? [] : before.split(':');
  if (after !== undefined) {
    const last = after === '' ? [] : after.split(':');
    const hasDots = last.at(-1)?.includes('.') === true; // an IPv4 address stands for two groups
    while (groups.length < 8 - last.length - Number(hasDots)) groups.push('0');
    groups.push(...last);
  }
  return groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
}
