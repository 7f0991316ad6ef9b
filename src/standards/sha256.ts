const SHA256 = /^[0-9a-f]{64}$/;

/** As kho writes it, and indexes do: hexadecimal, in small letters. Source: FIPS 180-4. */
export function isSha256(value: unknown): value is string {
  return typeof value === 'string' && SHA256.test(value);
}
