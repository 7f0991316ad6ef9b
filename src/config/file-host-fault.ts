/** Why a text is no host of files; undefined when it is one. */
export function fileHostFault(text: string): string | undefined {
  const isOne = /^[a-z0-9.-]{1,253}(?::\d{1,5})?$/i.test(text) && URL.canParse(`https://${text}/`);
  return isOne ? undefined : 'must be a host like "files.example" or "files.example:8443", without https://';
}
