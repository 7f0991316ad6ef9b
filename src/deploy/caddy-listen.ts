/** Where Caddy listens, and with which certificate. Pure. */
import { type DeployedSite, quotedPath } from './deployed-site.ts';

/** In a Caddyfile `{…}` is a placeholder, also between quotes. */
export const REFUSED = /[{}]/;

/** Who says where to listen has something in front, which may ask under another name. For its own certificate Caddy needs the name. */
export function addressLines({ host, port, isHttps, listen, isHostKnown, tlsCertificate }: DeployedSite): string {
  const bound = listen === undefined ? port : Number(listen.slice(listen.lastIndexOf(':') + 1));
  const name = listen !== undefined && (!isHttps || tlsCertificate !== undefined) ? '' : host;
  const isUsual = name !== '' && bound === (isHttps ? 443 : 80);
  const address = `${isHttps ? 'https' : 'http'}://${name}${isUsual ? '' : `:${bound}`}`;
  return isHostKnown || name === '' ? address : `# CHANGE THIS to the name of your host.\n${address}`;
}

export function bindLine({ listen }: DeployedSite): string {
  if (listen === undefined) return '';
  const address = listen.slice(0, listen.lastIndexOf(':'));
  return `\tbind ${address.replace(/[[\]]/g, '')}\n`;
}

export function tlsLines({ host, isHttps, tlsCertificate, tlsKey }: DeployedSite): string {
  if (!isHttps) return '';
  if (tlsCertificate !== undefined && tlsKey !== undefined) {
    return `\ttls ${quotedPath(tlsCertificate, REFUSED)} ${quotedPath(tlsKey, REFUSED)}\n\n`;
  }
  return `	# Caddy gets its certificate from Let's Encrypt by itself. With one that certbot or acme.sh looks after:
	# tls /etc/letsencrypt/live/${host}/fullchain.pem /etc/letsencrypt/live/${host}/privkey.pem
	# tls /etc/caddy/ssl/${host}/fullchain.pem /etc/caddy/ssl/${host}/key.pem

`;
}
