/** A site's configuration for Apache 2.4, as a virtual host. Pure. */

import { LOST_PAGE, NAMED_BY_CONTENT } from '../render/web/places.ts';
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import {
  HTML_TYPE,
  PACKAGE_TYPE,
  PACKED_TYPES,
  PAGE_TYPES,
  PYPI_JSON_TYPE,
  SIMPLE_TYPES,
  TEXT_TYPE,
} from '../standards/http/media-types.ts';
import { ENCODING_ENDINGS } from '../standards/package-suffixes.ts';
import { SERVED_SIDE_FILES, SIDE_FILE_KINDS } from '../standards/side-files.ts';
import { ACCEPTS_JSON, BEFORE_NAME, forClients, NAMES_JSON, SHAPES, SYNC_HEAD, SYNC_KEPT } from './address-shapes.ts';

import {
  plainRule,
  proxiedSite,
  proxyModules,
  pullRules,
  unlessProxied,
  uploadRule,
  uploadSettings,
} from './apache-live.ts';
import { PACKED_LINES, pageRules } from './apache-pages.ts';
import { CONFIGURATIONS } from './config-forms.ts';
import { type DeployedSite, quotedPath } from './deployed-site.ts';

/** In double quotes Apache takes `%{…}` and `${…}` for variables. */
const REFUSED = /[$%]/;

type ShapeName = keyof typeof SHAPES;

/** A pattern for RewriteRule. */
const shape = (name: ShapeName) => `"${SHAPES[name]}"`;
/** The same with the whole address as `$1`. */
const wholeShape = (name: ShapeName) => `"^(${SHAPES[name].slice(1, -1)})$"`;

/** @throws {KhoError} USAGE when the folder's name cannot be written in it */
export function apacheConfig(site: DeployedSite): string {
  const { folder, prefix, linked } = site;
  const root = quotedPath(folder, REFUSED);
  const reading = unlessProxied(site);
  if (site.live?.asksReaders) return proxiedConfig(site);
  const page = (pattern: string, path: string, type: string, conditions: readonly string[] = []) =>
    pageRules({ pattern, path, type, conditions }, site.precompress);
  return `${begin(site, 'rewrite headers deflate')}
# A new repository is a new folder of the site: nothing has to be changed here for it.

${plainHost(site)}${hostLines(site)}
    DocumentRoot ${root}

    <Directory ${root}>
        Require all granted
        AllowOverride None
        # With SymLinksIfOwnerMatch, an uploaded link to somebody else's file is not followed.
        Options ${linked.length === 0 ? 'SymLinksIfOwnerMatch' : `FollowSymLinks\n        # ${linked.join(', ')}: linked to from the site. SymLinksIfOwnerMatch will do if the links belong to the owners of their targets.`}
        DirectoryIndex disabled
        DirectorySlash Off
        # Packages go out exactly as they are: "gz" in a name is no encoding, "php" no program, "de" no language.
        SetHandler default-handler
        RemoveEncoding ${ENCODING_ENDINGS.join(' ')} .Z .br
        FileETag MTime Size
    </Directory>

    # Told with each answer, errors too. no-cache means "ask whether it has changed": a release is seen at once, and costs
    # a client that knows it only a 304. A file that was replaced under its name is seen as well.
    Header always set Cache-Control ${CACHE_CONTROL.ask}${reading}
    Header always set Access-Control-Allow-Origin *${reading}
    Header always set X-Content-Type-Options nosniff${reading}
    # Style and script of pages have other names when they change: they are kept.
    Header always set Cache-Control "${CACHE_CONTROL.keep}" "expr=%{REQUEST_STATUS} -in {'200','206','304'} && %{REQUEST_URI} =~ m#/${NAMED_BY_CONTENT}(\\.gz|\\.br)?$#"
    Header always set Cache-Control "${CACHE_CONTROL.keep}" "expr=%{REQUEST_STATUS} -in {'200','206','304'} && %{REQUEST_URI} =~ m#${SYNC_KEPT}#"
${policyLine(site)}${lostLines(site)}    # Caches must keep the two forms of a page apart.
    Header always merge Vary Accept "expr=%{REQUEST_URI} =~ m#/simple(/|$)#"

    # Pages are compressed, packages never. Apache marks the ETag of what it has compressed, and has to know it again.
    AddOutputFilterByType DEFLATE ${PACKED_TYPES.join(' ')}
    RequestHeader edit* If-None-Match "-gzip\\"" "\\""
    AddDefaultCharset utf-8
${uploadSettings(site)}
    RewriteEngine On
    RewriteMap kho_lower int:tolower
${outsideRule(prefix)}${uploadRule(site)}${site.precompress ? PACKED_LINES : ''}
    # Reading is all there is.
    RewriteCond %{REQUEST_METHOD} !^(?:GET|HEAD|OPTIONS)$
    RewriteRule "^" - [R=405]

    # The links of a page would lead astray from an address with doubled slashes.
    RewriteCond %{THE_REQUEST} "^\\S+ /(?:[^?\\s]*/)?/"
    RewriteRule "^(.*)$" "$1" [R=301,L]
${prefixLines(prefix)}
    # Nothing that begins with a dot, and no file whose upload is under way.
    RewriteRule ${shape('hidden')} - [R=404]
${pullRules(site)}
    # Packages.
    RewriteRule ${shape('packages')} - [E=no-gzip:1,E=KHO_PACKAGES:1]
${sideFileRules()}
    RewriteCond %{ENV:KHO_PACKAGES} =1
    RewriteRule "^" - [PT,T=${PACKAGE_TYPE}]

    # What sites that follow this one ask for: as it is, since packed files are asked for by their own names.
    RewriteCond $0 ${SYNC_HEAD}
    RewriteRule ${shape('sync')} - [PT,E=no-gzip:1,T=${PYPI_JSON_TYPE}]
    RewriteRule ${shape('sync')} - [PT,E=no-gzip:1,T=${PACKAGE_TYPE}]

    # The simple API (PEP 503, PEP 691) under the names of its files.
${page(wholeShape('simpleFile'), '$1', SIMPLE_TYPES.json, ['$0 \\.json$'])}
${page(wholeShape('simpleFile'), '$1', HTML_TYPE)}

    # Names in another spelling, as people type them: Foo_Bar is foo-bar.
    RewriteRule "(${BEFORE_NAME})([^/\\s]*[A-Z][^/\\s]*)(.*)$" "$1\${kho_lower:$2}$3" [E=KHO_MOVED:1]
    RewriteRule "(${BEFORE_NAME}[^/]*?)(?:[_.][-_.]*|-[-_.]+)(.*)$" "$1-$2" [E=KHO_MOVED:1,N=300]
    RewriteCond %{ENV:KHO_MOVED} =1
    RewriteRule ${wholeShape('pypi')} "${prefix}$1" [R=301,L]

    # PyPI's JSON API; its files have no ending that would tell their type.
${page(wholeShape('pypi'), '$1', PYPI_JSON_TYPE)}
    RewriteRule "${SHAPES.pypiSlash.replace(/^\^/, '^(').replace(/\/\$$/, ')/$')}" "${prefix}$1" [R=301,L]

    # Without its slash, the links of a page would lead one folder too high.
    RewriteRule ${wholeShape('simpleSlash')} "${prefix}$1/" [R=301,L]
    RewriteCond %{ENV:KHO_MOVED} =1
    RewriteRule ${wholeShape('simplePage')} "${prefix}$1" [R=301,L]

    # The form of a page: JSON for a client that names it, unless an HTML type comes before it; HTML for all others.
${page(wholeShape('simplePage'), '$1index.json', SIMPLE_TYPES.json, [
  `%{HTTP:Accept} "${ACCEPTS_JSON}" [NC]`,
  `%{HTTP:Accept} "!^(?=.*${NAMES_JSON}\\s*;\\s*q=0)(?=.*(?:text/html|v1\\+html)\\s*(?:,|$))" [NC]`,
])}
${page(wholeShape('simplePage'), '$1index.html', HTML_TYPE)}

    # Pages for people.
${page(wholeShape('front'), '$1index.html', HTML_TYPE)}
${page(wholeShape('frontFile'), '$1', TEXT_TYPE, ['$0 SHA256SUMS$'])}
${page(wholeShape('frontFile'), '$1', HTML_TYPE)}
${page(wholeShape('projectPage'), '$1index.html', HTML_TYPE)}
    RewriteCond %{DOCUMENT_ROOT}$1/index.html -f
    RewriteRule "^(/[^/]+(?:/project)?|${SHAPES.project.slice(1, -1)})$" "${prefix}$1/" [R=301,L]
${pageTypeRules()}
    RewriteRule ${shape('project')} - [PT]
    RewriteRule ${shape('ownFile')} - [PT]

    RewriteRule "^" - [R=404]
</VirtualHost>
`;
}

function begin(site: DeployedSite, modules: string): string {
  return `# A site of Python packages, published by kho, for Apache 2.4.
#
# Save it as ${CONFIGURATIONS.apache.savedAs}, then:
#   a2enmod ${modules}${site.isHttps ? ' ssl http2' : ''}${proxyModules(site)} && a2ensite kho && apachectl configtest && systemctl reload apache2`;
}

function proxiedConfig(site: DeployedSite): string {
  return `${begin(site, 'rewrite headers')}

${plainHost(site)}${hostLines(site)}
${proxiedSite(site)}`;
}

/** Pages say so themselves; this stands before them, and keeps other pages from standing around them. */
function policyLine({ pagePolicy }: DeployedSite): string {
  if (pagePolicy === undefined) return '';
  return `    # Pages for people use nothing but the site's own files.
    Header always set Content-Security-Policy "${pagePolicy}" "expr=%{REQUEST_URI} =~ m#/project/#"
`;
}

function sideFileRules(): string {
  return SERVED_SIDE_FILES.map(
    (side) => `    RewriteCond %{ENV:KHO_PACKAGES} =1
    RewriteRule "\\.${side}$" - [PT,T=${SIDE_FILE_KINDS[side].mediaType}]`,
  ).join('\n');
}

function pageTypeRules(): string {
  return Object.entries(PAGE_TYPES)
    .map(
      ([ending, type]) => `    RewriteCond $0 \\.${ending}$
    RewriteRule ${shape('project')} - [PT,T=${type}]`,
    )
    .join('\n');
}

/** People who are lost find their way back; clients are told the bare fact. */
function lostLines({ pagePolicy, prefix }: DeployedSite): string {
  if (pagePolicy === undefined) return '';
  // Apache looks here twice: before the rules have taken the prefix away, and after.
  const clients =
    prefix === '' ? forClients('') : `${forClients(prefix)}|(?!${prefix.replaceAll('.', '\\.')}/)${forClients('')}`;
  return `    <LocationMatch "^(?!${clients})">
        ErrorDocument 404 ${prefix}/${LOST_PAGE}
    </LocationMatch>
`;
}

function plainHost(site: DeployedSite): string {
  const { host, isHttps, port, listen } = site;
  if (!isHttps || port !== 443 || listen !== undefined) return '';
  return `# Whoever comes without https is sent there; Let's Encrypt looks here whether the host is yours.
<VirtualHost *:80>
    ServerName ${host}
    Alias /.well-known/acme-challenge/ /var/www/html/.well-known/acme-challenge/
${plainRule(site)}    RedirectMatch permanent "^/(?!\\.well-known/acme-challenge/)(.*)$" https://${host}/$1
</VirtualHost>

`;
}

function hostLines(site: DeployedSite): string {
  const { host, isHttps, port, listen, isHostKnown } = site;
  const isUsual = listen === undefined && (port === 80 || port === 443);
  return [
    ...(isUsual ? [] : [`Listen ${listen ?? port}`]),
    `<VirtualHost ${listen ?? `*:${port}`}>`,
    ...(isHostKnown ? [] : ['    # CHANGE THIS to the name of your host.']),
    `    ServerName ${host}`,
    ...(isHttps ? ['', '    SSLEngine on', '    Protocols h2 http/1.1', ...certificateLines(site)] : []),
  ].join('\n');
}

function certificateLines({ host, tlsCertificate, tlsKey }: DeployedSite): string[] {
  if (tlsCertificate !== undefined && tlsKey !== undefined) {
    return [
      `    SSLCertificateFile ${quotedPath(tlsCertificate, REFUSED)}`,
      `    SSLCertificateKeyFile ${quotedPath(tlsKey, REFUSED)}`,
    ];
  }
  return [
    `    # As certbot makes them:  certbot certonly --webroot -w /var/www/html -d ${host}`,
    `    SSLCertificateFile /etc/letsencrypt/live/${host}/fullchain.pem`,
    `    SSLCertificateKeyFile /etc/letsencrypt/live/${host}/privkey.pem`,
    `    # With acme.sh:  acme.sh --install-cert -d ${host} --reloadcmd "systemctl reload apache2" \\`,
    `    #   --fullchain-file /etc/apache2/ssl/${host}/fullchain.pem --key-file /etc/apache2/ssl/${host}/key.pem`,
    `    # SSLCertificateFile /etc/apache2/ssl/${host}/fullchain.pem`,
    `    # SSLCertificateKeyFile /etc/apache2/ssl/${host}/key.pem`,
  ];
}

function outsideRule(prefix: string): string {
  if (prefix === '') return '';
  return `    RewriteCond %{ENV:KHO_INSIDE} !=1
    RewriteRule "!^${prefix.replaceAll('.', '\\.')}(?:/|$)" - [R=404]
`;
}

/** The rules may start again from the first ([N]): then the prefix is gone already. */
function prefixLines(prefix: string): string {
  if (prefix === '') return '';
  const pattern = prefix.replaceAll('.', '\\.');
  return `
    # The rules below see addresses without ${prefix}.
    RewriteRule "^${pattern}$" "${prefix}/" [R=301,L]
    RewriteCond %{ENV:KHO_INSIDE} !=1
    RewriteRule "^${pattern}(/.*)$" "$1" [E=KHO_INSIDE:1]
`;
}
