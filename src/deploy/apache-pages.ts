/** How Apache is told to send a page, and its packed form where kho has written one (precompress in kho.toml). Pure. */

export interface PageRule {
  /** With the whole address as `$1`. */
  pattern: string;
  /** Of the page, from the document root. */
  path: string;
  type: string;
  /** What stands after RewriteCond, each. */
  conditions: readonly string[];
}

/** In Accept-Encoding: the client names it, and does not refuse it. */
const accepts = (coding: string) => `(?:^|,)\\s*${coding}(?!\\s*;\\s*q=0(?:\\.0*)?\\s*(?:,|$))\\s*(?:[;,]|$)`;

/** What stands before all rules where pages are packed beside themselves. The last that a client takes is the one. */
export const PACKED_LINES = `
    # Beside each page kho writes it packed (precompress): sent as it is, instead of packing it for each client.
    RewriteCond %{HTTP:Accept-Encoding} "${accepts('gzip')}" [NC]
    RewriteRule "^" - [E=KHO_PACKED:.gz,E=KHO_ACCEPTED:gzip]
    RewriteCond %{HTTP:Accept-Encoding} "${accepts('br')}" [NC]
    RewriteRule "^" - [E=KHO_PACKED:.br,E=KHO_ACCEPTED:br]
    Header set Content-Encoding "%{KHO_CODING}e" env=KHO_CODING
    Header merge Vary Accept-Encoding env=KHO_CODING
`;

/** The rule that sends a page; where pages are packed, after the one that sends its packed form. */
export function pageRules({ pattern, path, type, conditions }: PageRule, precompress: boolean): string {
  const shared = conditions.map((condition) => `    RewriteCond ${condition}`);
  const plain = [...shared, `    RewriteRule ${pattern} "${path}" [PT,T=${type}]`];
  if (!precompress) return plain.join('\n');
  const packed = [
    ...shared,
    '    RewriteCond %{ENV:KHO_PACKED} .',
    `    RewriteCond "%{DOCUMENT_ROOT}${path}%{ENV:KHO_PACKED}" -f`,
    `    RewriteRule ${pattern} "${path}%{ENV:KHO_PACKED}" [PT,T=${type},E=KHO_CODING:%{ENV:KHO_ACCEPTED},E=no-gzip:1]`,
  ];
  return [...packed, ...plain].join('\n');
}
