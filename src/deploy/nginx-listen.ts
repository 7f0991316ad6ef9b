/** Where nginx listens for a site, with which certificate, and what it answers at the port without TLS. Pure. */
import { TEXT_TYPE } from '../standards/http/media-types.ts';
import { type DeployedSite, quotedPath } from './deployed-site.ts';
import { useHttps } from './use-https.ts';

export function plainServer({ host, isHttps, port, listen, live }: DeployedSite): string {
  if (!isHttps || port !== 443 || listen !== undefined) return '';
  return `# Whoever comes without https is sent there; Let's Encrypt looks here whether the host is yours.
server {
    listen 80;
    listen [::]:80;
    server_name ${host};
    location /.well-known/acme-challenge/ { root /var/www/html; }
    location / {
${live?.takesUploads ? postLine(host) : ''}        return 301 https://$host$request_uri;
    }
}

`;
}

function postLine(host: string): string {
  return `        default_type ${TEXT_TYPE};
        if ($request_method = POST) { return 403 "${useHttps(host)}\\n"; }
`;
}

export function listenLines(site: DeployedSite, nginxVersion: string): string {
  const { host, isHttps, port, listen, isHostKnown } = site;
  const addresses = listen === undefined ? [String(port), `[::]:${port}`] : [listen];
  const serverName = `    server_name ${host};${isHostKnown ? '' : '  # CHANGE THIS to the name of your host'}`;
  if (!isHttps) return [...addresses.map((address) => `    listen ${address};`), serverName].join('\n');

  const isCurrent = hasHttp2Directive(nginxVersion);
  const listens = addresses.map((address) => `    listen ${address} ssl${isCurrent ? '' : ' http2'};`);
  const http2 = isCurrent
    ? '    http2 on;  # before nginx 1.25.1, take this line away and say "listen … ssl http2" above'
    : '    # From nginx 1.25.1 on, say "http2 on;" here, and no http2 above.';
  return [...listens, http2, serverName, '', ...certificateLines(site)].join('\n');
}

function certificateLines({ host, tlsCertificate, tlsKey }: DeployedSite): string[] {
  if (tlsCertificate !== undefined && tlsKey !== undefined) {
    return [
      `    ssl_certificate ${quotedPath(tlsCertificate, /\$/)};`,
      `    ssl_certificate_key ${quotedPath(tlsKey, /\$/)};`,
    ];
  }
  return [
    `    # As certbot makes them:  certbot certonly --webroot -w /var/www/html -d ${host}`,
    `    ssl_certificate /etc/letsencrypt/live/${host}/fullchain.pem;`,
    `    ssl_certificate_key /etc/letsencrypt/live/${host}/privkey.pem;`,
    `    # With acme.sh:  acme.sh --install-cert -d ${host} --reloadcmd "systemctl reload nginx" \\`,
    `    #   --fullchain-file /etc/nginx/ssl/${host}/fullchain.pem --key-file /etc/nginx/ssl/${host}/key.pem`,
    `    # ssl_certificate /etc/nginx/ssl/${host}/fullchain.pem;`,
    `    # ssl_certificate_key /etc/nginx/ssl/${host}/key.pem;`,
  ];
}

/** Since 1.25.1, and the old way makes nginx complain. A version that is none is taken for a current one. */
function hasHttp2Directive(version: string): boolean {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return true;
  return major * 1e6 + minor * 1e3 + patch >= 1_025_001;
}
