/** What configurations of nginx share: the form of a page, headers by address, and what stands before a site in its addresses. Pure. */
import { ACCEPTS_JSON, BEFORE_PROJECT, NAMES_JSON } from './address-shapes.ts';
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
