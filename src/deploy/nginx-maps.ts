/** What configurations of nginx share: the form of a page, headers by address, packing, and what stands before a site in its addresses. Pure. */
import { HTML_TYPE, PACKED_TYPES } from '../standards/http/media-types.ts';
import { ACCEPTS_JSON, BEFORE_PROJECT, DOUBLE_SLASH, NAMES_JSON } from './address-shapes.ts';
import type { DeployedSite } from './deployed-site.ts';

/** $kho_form is `html` or `json`; $kho_vary is empty where there is one form only. */
export const PAGE_MAPS = `# The form of a page under simple/: JSON for a client that names it, HTML for all others.
map $http_accept $kho_form {
    default html;
    # JSON is named, but an HTML type comes before it.
    "~*^(?=.*${NAMES_JSON}\\s*;\\s*q=0)(?=.*(?:text/html|v1\\+html)\\s*(?:,|$))" html;
    "~*${ACCEPTS_JSON}" json;
}

# Caches must keep the two forms apart.
map $uri $kho_vary {
    default "";
    "~/simple/" Accept;
}

`;

/** Pages say so themselves; this stands before them, and keeps other pages from standing around them. */
export function policyMap({ pagePolicy }: DeployedSite): string {
  if (pagePolicy === undefined) return '';
  return `
# Pages for people use nothing but the site's own files.
map $uri $kho_policy {
    default "";
    "~${BEFORE_PROJECT}" "${pagePolicy}";
}
`;
}

/** In the server. */
export const PACKING = `    gzip on;
    gzip_vary on;
    gzip_min_length 1000;
    gzip_types ${PACKED_TYPES.filter((type) => type !== HTML_TYPE).join(' ')};  # text/html always is
`;

/** In the server, before the prefix is taken away. */
export const SINGLE_SLASHES = `    # The links of a page would lead astray from an address with doubled slashes.
    if ($request_uri ~ "${DOUBLE_SLASH}") { rewrite "^(.*)$" $1 permanent; }
`;

export const asPattern = (prefix: string) => prefix.replaceAll('.', '\\.');

export function outsideLine(prefix: string): string {
  return prefix === '' ? '' : `    if ($uri !~ "^${asPattern(prefix)}(?:/|$)") { return 404; }\n`;
}

export function prefixLines(prefix: string): string {
  if (prefix === '') return '';
  const pattern = asPattern(prefix);
  return `
    # The rules below see addresses without ${prefix}.
    rewrite "^${pattern}$" ${prefix}/ permanent;
    rewrite "^${pattern}(/.*)$" $1;
`;
}
