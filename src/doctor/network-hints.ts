/** Why a server could not be asked, and what to do about it: by the code of Node's error, or the status of the answer. Pure. */

/** Of names that lead nowhere, ports that nobody listens on, certificates that nobody trusts. */
const BY_CODE: readonly (readonly [codes: RegExp, hint: string])[] = [
  [
    /^(?:ENOTFOUND|EAI_AGAIN|EAI_NODATA)$/,
    'let the name lead to the server in DNS; before it does, look at the server with --resolve HOST:ADDRESS',
  ],
  [/^ECONNREFUSED$/, 'nothing listens there: start the web server, or put its port into the address'],
  [
    /^(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/,
    'let the firewall pass this port; if the name leads to another machine, name the right one with --resolve HOST:ADDRESS',
  ],
  [/^CERT_NOT_YET_VALID$/, "set this machine's clock: to it, the certificate is not valid yet"],
  [/^CERT_HAS_EXPIRED$/, 'renew the certificate (certbot renew, acme.sh --renew); if it is new, reload the web server'],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'get a certificate for this name, or ask for a name that the certificate is for; by its address, with --resolve HOST:ADDRESS',
  ],
  [
    /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|INVALID_CA|UNABLE)/,
    'trust a CA of your own with --ca FILE; one that everybody trusts needs its whole chain on the server (fullchain.pem)',
  ],
  [/^(?:EPROTO|ERR_SSL_)/, 'see whether this port speaks https: http:// may be meant, or another port'],
];

/** Undefined where nothing in particular is known. */
export function hintForCode(code: string | undefined): string | undefined {
  return BY_CODE.find(([codes]) => codes.test(code ?? ''))?.[1];
}

export function hintForStatus(status: number): string | undefined {
  if (status === 401 || status === 407)
    return 'put name and password into the address (https://NAME:PASSWORD@…), or into .netrc';
  if (status === 403) return 'let the web server read the site (chmod -R go+rX), and let this machine in';
  if (status >= 500) return 'read the log of the web server, or of what it passes requests on to';
  return undefined;
}
