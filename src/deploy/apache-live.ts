/** What Apache leaves to `kho serve`: uploads, and all of a site with private repositories. Pure. */
import { PACKAGE_TYPE, TEXT_TYPE } from '../standards/http/media-types.ts';
import type { DeployedSite } from './deployed-site.ts';
import { RETRY_SECONDS } from './kho-is-down.ts';
import { PULLED_FILE, pulledPage, pullingPart } from './pulled-shapes.ts';
import { useHttps } from './use-https.ts';

/** Seconds that kho may take for a big upload. */
const PROXY_SECONDS = 600;

/** Modules to enable. */
export function proxyModules({ live }: DeployedSite): string {
  return live ? ' proxy proxy_http' : '';
}

/** Answers of kho have headers of their own. */
export function unlessProxied(site: DeployedSite): string {
  if (pullingPart(site)) return ` "expr=%{REQUEST_METHOD} != 'POST' && -z %{reqenv:KHO_PULLED}"`;
  return site.live?.takesUploads ? ` "expr=%{REQUEST_METHOD} != 'POST'"` : '';
}

/** Said of whoever asks, before kho is asked. */
function forwardLines({ prefix, isHttps }: DeployedSite): string {
  return `    ProxyPreserveHost On
    ProxyTimeout ${PROXY_SECONDS}
    ProxyErrorOverride Off
    # While kho does not run, clients are told to come again.
    Header always set Retry-After ${RETRY_SECONDS} "expr=%{REQUEST_STATUS} == 503 && -z %{resp:Retry-After}"
    LimitRequestBody 0
    # Apache takes the body in any case: kho may answer before, and have it for nothing.
    RequestHeader unset Expect early
    # Only Apache says for whom it asks.
    RequestHeader unset X-Forwarded-For early
    RequestHeader unset X-Forwarded-Host early
    RequestHeader set X-Forwarded-Proto ${isHttps ? 'https' : 'http'} early
    RequestHeader ${prefix === '' ? 'unset X-Forwarded-Prefix' : `set X-Forwarded-Prefix ${prefix}`} early
`;
}

/** Settings that stand before the rules. */
export function uploadSettings(site: DeployedSite): string {
  if (!site.live) return '';
  if (!site.live.takesUploads)
    return `
${forwardLines(site)}`;
  return `
    # What is posted goes to kho serve, which knows how big a file may be (upload.max_file), and may take its time.
${forwardLines(site)}`;
}

/** The first of the rules: clients send a body to one address, and no second time. */
export function uploadRule({ live }: DeployedSite): string {
  if (!live?.takesUploads) return '';
  return `    RewriteCond %{REQUEST_METHOD} =POST
    RewriteRule "^(.*)$" "unix:${live.socket}|http://localhost$1" [P,NE]

`;
}

/** Before the rules for pages and packages. While kho does not answer, pages are 503, and files that are here are sent as ever. */
export function pullRules(site: DeployedSite): string {
  const part = pullingPart(site);
  if (!part) return '';
  const pass = `"unix:${part.socket}|http://localhost$0" [P,NE,E=KHO_PULLED:1]`;
  return `
    # Pages of projects that other indexes may have: kho serve finds them.
    RewriteRule "${pulledPage(part)}" ${pass}
    # Files of other indexes: those that were brought before are here, the others kho brings.
    RewriteCond %{DOCUMENT_ROOT}$0 !-f
    RewriteRule "${PULLED_FILE}" ${pass}
    RewriteRule "${PULLED_FILE}" - [E=no-gzip:1]
    RewriteCond $0 \\.metadata$
    RewriteRule "${PULLED_FILE}" - [PT,T=${TEXT_TYPE}]
    RewriteRule "${PULLED_FILE}" - [PT,T=${PACKAGE_TYPE}]
`;
}

/** All of a site: who may read what, only kho knows. Addresses go on as they were written. */
export function proxiedSite(site: DeployedSite): string {
  return `
    # Some repositories are private, and Apache cannot ask kho about single files: kho serve answers all. (retry=0: it is asked at once when it is back.)
${forwardLines(site)}    AllowEncodedSlashes NoDecode
    ProxyPass "${site.prefix}/" "unix:${site.live?.socket}|http://localhost${site.prefix}/" nocanon retry=0
${site.prefix === '' ? '' : `    ProxyPass "${site.prefix}" "unix:${site.live?.socket}|http://localhost${site.prefix}/" nocanon\n`}</VirtualHost>
`;
}

/** In the place of the redirect to https, at port 80. */
export function plainRule({ live, host }: DeployedSite): string {
  if (!live?.takesUploads) return '';
  return `    RewriteEngine On
    RewriteCond %{REQUEST_METHOD} =POST
    RewriteRule "^" - [R=403,L]
    ErrorDocument 403 "${useHttps(host)}"
`;
}
