/** How the body of an answer is packed, in small letters; undefined where it comes as it is. Source: RFC 9110, section 8.4. */
export function packingOf(headers: { get(name: string): string | null | undefined }): string | undefined {
  const packing = headers.get('content-encoding')?.toLowerCase();
  return packing === 'identity' || packing === '' ? undefined : packing;
}
