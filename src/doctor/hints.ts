/** What to change in the configuration of which server. Pure. */
import type { IncomingHttpHeaders } from 'node:http';
import { NAMES_JSON } from '../deploy/address-shapes.ts';
import { USUAL_SOCKET } from '../deploy/deployed-site.ts';
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import { SIMPLE_TYPES } from '../standards/http/media-types.ts';
import { ENCODING_ENDINGS } from '../standards/package-suffixes.ts';
import { BUCKET_SERVERS, type BucketServer, bucketHint, bucketServer } from './bucket-hints.ts';
import type { CheckName } from './finding.ts';

const SERVERS = ['nginx', 'apache', 'caddy'] as const;
export type ServerName = (typeof SERVERS)[number] | BucketServer | 'kho' | 'other';

/** By the Server header, as far as it says something, and by what stores and CDNs say besides. */
export function serverName(headers: IncomingHttpHeaders): ServerName {
  const text = (headers['server']?.toString() ?? '').toLowerCase();
  if (text.startsWith('kho')) return 'kho';
  const bucket = bucketServer(headers);
  if (bucket !== undefined) return bucket;
  return SERVERS.find((name) => text.includes(name)) ?? 'other';
}

type Hints = Partial<Record<ServerName | 'any', string>>;

const NGINX_PAGES = `map $http_accept $form { default html; "~*${NAMES_JSON}" json; }
location ~ "/simple/(?:[^/]+/)?$" {
    types { text/html html; ${SIMPLE_TYPES.json} json; }
    add_header Vary Accept;
    try_files \${uri}index.$form =404;
}`;
const APACHE_PAGES = `RewriteCond %{HTTP:Accept} "${NAMES_JSON}"
RewriteRule "^(.*/simple/(?:[^/]+/)?)$" "$1index.json" [PT,T=${SIMPLE_TYPES.json}]
Header merge Vary Accept`;
const CADDY_PAGES = `@json {
	path_regexp page ^(.*/simple/(?:[^/]+/)?)$
	header_regexp Accept ${NAMES_JSON}
}
header @json Content-Type ${SIMPLE_TYPES.json}
rewrite @json {re.page.1}index.json`;

const NGINX_UPLOADS = `client_max_body_size 0;
proxy_request_buffering off;
proxy_http_version 1.1;
proxy_read_timeout 600s;
proxy_set_header Host $http_host;
proxy_set_header X-Forwarded-For $remote_addr;
proxy_set_header X-Forwarded-Proto $scheme;
error_page 418 = @upload;
if ($request_method = POST) { return 418; }
location @upload { proxy_pass http://unix:${USUAL_SOCKET}; }`;
const APACHE_UPLOADS = `LimitRequestBody 0
ProxyTimeout 600
ProxyPreserveHost On
RequestHeader unset Expect early
RewriteCond %{REQUEST_METHOD} =POST
RewriteRule "^(.*)$" "unix:${USUAL_SOCKET}|http://localhost$1" [P,NE]  before all other rules`;
const CADDY_UPLOADS = `@posted method POST
handle @posted {
	reverse_proxy unix/${USUAL_SOCKET}
}`;

const HINTS: Record<CheckName, Hints> = {
  reachable: { any: 'check the address; it is the one that clients get, and ends in /simple/' },
  tls: { any: 'renew the certificate (certbot renew, acme.sh --renew), and serve it with its whole chain' },
  unknown: {
    nginx: 'try_files … =404;  and  error_page 403 = @missing; location @missing { return 404; }',
    apache: 'RewriteRule "^" - [R=404]  behind the rules for what there is',
    caddy: 'error 404  behind the routes for what there is',
    any: 'answer 404 and nothing else: uv ends its search at 401 and 403, and pip asks for a password at 401',
  },
  slash: {
    nginx:
      'location ~ "/simple(?:/[^/]+)?$" { rewrite "^(.*)$" $1/ permanent; }  instead of  try_files $uri $uri/index.html',
    apache: 'RewriteRule "^(.*/simple(?:/[^/]+)?)$" "$1/" [R=301,L]',
    caddy: '@slash path_regexp slash ^(.*/simple(?:/[^/]+)?)$\nredir @slash {re.slash.1}/ 301',
    any: 'redirect to the address with the slash: without it, the links of a page lead one folder too high',
  },
  spelling: { any: 'redirect names to their normalized form: small letters, and - for every run of - _ .' },
  'double-slash': {
    nginx: 'if ($request_uri ~ "^/(?:[^?]*/)?/") { rewrite "^(.*)$" $1 permanent; }',
    any: 'redirect to the address with single slashes: in a folder //, links lead astray',
  },
  json: {
    nginx: NGINX_PAGES,
    apache: APACHE_PAGES,
    caddy: CADDY_PAGES,
    any: `serve simple/…/index.json, as ${SIMPLE_TYPES.json}, to who names that type in Accept`,
  },
  html: {
    nginx: 'types { text/html html; }',
    any: 'serve simple/…/index.html, as text/html, to who does not name the JSON type in Accept',
  },
  vary: {
    nginx: 'add_header Vary Accept always;',
    apache: 'Header merge Vary Accept',
    caddy: 'header Vary Accept',
    any: 'send "Vary: Accept" with all pages under simple/',
  },
  etag: {
    nginx: 'etag on;',
    apache: 'FileETag MTime Size',
    any: 'send an ETag, another one for each form, and 304 for it',
  },
  fresh: {
    nginx: `add_header Cache-Control ${CACHE_CONTROL.ask} always;`,
    apache: `Header always set Cache-Control ${CACHE_CONTROL.ask}`,
    caddy: `header Cache-Control ${CACHE_CONTROL.ask}`,
    any: `send "Cache-Control: ${CACHE_CONTROL.ask}" with pages and files: a client then asks, and gets a 304`,
  },
  same: { any: 'run kho build on the site; where a cache or CDN stands in front, empty it' },
  files: { any: 'run kho build on the site, then kho check; where a cache or CDN stands in front, empty it' },
  encoding: {
    nginx: 'location ~ /packages/ { gzip off; default_type application/octet-stream; }',
    apache: `RemoveEncoding ${ENCODING_ENDINGS.join(' ')}  and  SetEnvIf Request_URI /packages/ no-gzip`,
    caddy: 'encode only what is a page, never packages/',
    any: 'send files without Content-Encoding: clients would unpack them, and find another hash',
  },
  ranges: {
    any: 'answer Range and If-Range (uv and Poetry read metadata from the ends of wheels, pip resumes downloads)',
  },
  metadata: { any: 'run kho build on the site; rsync --delete takes .metadata files away unless told not to' },
  'json-api': {
    nginx: 'location ~ "/pypi/[^/]+/(?:[^/]+/)?json$" { types { } default_type application/json; }',
    apache: 'RewriteRule "/pypi/[^/]+/(?:[^/]+/)?json$" - [T=application/json]',
    caddy: '@api path_regexp /pypi/[^/]+/(?:[^/]+/)?json$\nheader @api Content-Type application/json',
    any: 'serve pypi/…/json as application/json',
  },
  hidden: {
    nginx: 'location ~ "/\\.|^/(?:incoming|originals)(?:/|$)" { return 404; }\nlocation = /kho.toml { return 404; }',
    apache: 'RewriteRule "/\\.|^/(?:incoming|originals)(?:/|$)|^/kho\\.toml$" - [R=404]',
    caddy: '@hidden path_regexp /\\.|^/(?:incoming|originals)(?:/|$)|^/kho\\.toml$\nerror @hidden 404',
    any: 'answer 404 for dot-files, kho.toml, incoming/ and originals/',
  },
  folders: {
    nginx: 'autoindex off;  and  error_page 403 = @missing; location @missing { return 404; }',
    apache: 'Options -Indexes  and  RewriteRule "^" - [R=404]  behind the rules for what there is',
    caddy: 'file_server without browse',
    any: 'answer 404 for packages/',
  },
  private: {
    any: 'the configuration of the web server was written before that was private: write it anew (kho config nginx, caddy or apache)',
  },
  cors: {
    nginx: 'add_header Access-Control-Allow-Origin * always;',
    apache: 'Header always set Access-Control-Allow-Origin *',
    caddy: 'header Access-Control-Allow-Origin *',
    any: 'send "Access-Control-Allow-Origin: *": micropip (Pyodide, JupyterLite) reads the index from a browser',
  },
  uploads: {
    nginx: NGINX_UPLOADS,
    apache: APACHE_UPLOADS,
    caddy: CADDY_UPLOADS,
    any: 'pass POST on to kho serve: with a body of any size as it comes, with Authorization, never by a redirect, and the answer with its reason phrase',
  },
};

/** @returns lines of configuration where the server is known */
export function hintFor(check: CheckName, server: ServerName): string {
  const { any = '', ...hints } = HINTS[check];
  const bucket = BUCKET_SERVERS.find((name) => name === server);
  if (bucket !== undefined) return bucketHint(check, bucket, any);
  const own = hints[server];
  return own === undefined ? any : `in the configuration of ${server}:\n${own}`;
}
