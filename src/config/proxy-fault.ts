import { isIP } from 'node:net';

/** What is wrong with an entry of a list of trusted proxies; undefined when nothing is. */
export function proxyFault(text: string): string | undefined {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return 'must be an address like 10.0.0.1, or a network like 10.0.0.0/8';
  if (bits === undefined) return undefined;
  const most = family === 4 ? 32 : 128;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most
    ? undefined
    : `must have a number from 0 to ${most} behind the slash`;
}
