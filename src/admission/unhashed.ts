import type { UpstreamFile } from '../upstream-model.ts';

/** What kho.toml says of files without a hash. */
export interface UnhashedRules {
  /** `hashes = "optional"`. */
  hashesOptional?: boolean;
  /** Hosts that files may be on, besides that of the index. */
  fileHosts?: readonly string[];
}

/** Whether a file of which the index names no sha256 may be brought, and from there: nothing but where it comes from speaks for it. */
export function mayComeUnhashed(
  url: string,
  index: string,
  { hashesOptional, fileHosts = [] }: UnhashedRules,
): boolean {
  if (!hashesOptional || !URL.canParse(url)) return false;
  const { origin, host, hostname } = new URL(url);
  return origin === new URL(index).origin || fileHosts.includes(host) || fileHosts.includes(hostname);
}

/** Whether a page may list a file: with a hash, or where it may do without. */
export function mayListUpstreamFile(file: UpstreamFile, index: string, rules: UnhashedRules): boolean {
  return file.sha256 !== undefined || mayComeUnhashed(file.url, index, rules);
}
