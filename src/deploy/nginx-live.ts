/** What nginx leaves to `kho serve`: uploads, and who may read private repositories. Pure. */
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import { MAY_READ_TARGET, PRIVATE_HEADER, READ_PATH_HEADER } from '../standards/http/may-read.ts';
import { TEXT_TYPE } from '../standards/http/media-types.ts';
import type { DeployedSite } from './deployed-site.ts';
import { KHO_IS_DOWN, RETRY_SECONDS } from './kho-is-down.ts';

/** Seconds that kho may take for a big upload: it opens each file, and waits until it is listed. */
export const UPLOAD_SECONDS = 600;

/** A location that nobody can ask for from outside. */
const ASK = '/.kho-may-read';

/** The value in `map` of what kho says of a file. */
const KHO_SAYS = `$upstream_http_${PRIVATE_HEADER.toLowerCase().replaceAll('-', '_')}`;

const asks = ({ live }: DeployedSite) => live?.asksReaders === true;
const takesUploads = ({ live }: DeployedSite) => live?.takesUploads === true;

/** Beside the other maps: which headers an answer has that not everybody may read. */
export function privateMaps(site: DeployedSite): string {
  if (!asks(site)) return '';
  return `
# What comes from a private repository is for who asked: no page of another site reads it, no cache keeps it for the next.
map $kho_private $kho_origin {
    default *;
    yes "";
}
map "$kho_private $kho_keep" $kho_cache {
    default $kho_keep;
    "~^yes " "${CACHE_CONTROL.private}";
}
map "$kho_private $kho_vary" $kho_vary_all {
    default $kho_vary;
    "yes " Authorization;
    "yes Accept" "Accept, Authorization";
}
`;
}

/** Names of variables in which the headers of an answer are. */
export function answerHeaders(site: DeployedSite): { cache: string; vary: string; origin: string } {
  return asks(site)
    ? { cache: '$kho_cache', vary: '$kho_vary_all', origin: '$kho_origin' }
    : { cache: '$kho_keep', vary: '$kho_vary', origin: '*' };
}

/** In the server, before all that redirects: clients send a body to one address, and no second time. */
export function uploadRule(site: DeployedSite): string {
  if (!takesUploads(site)) return '';
  return `
    # What is posted goes to kho serve. (418 is no answer, but the way to a place with a name.)
    recursive_error_pages on;  # from that place to @kho_down
    error_page 418 = @kho_upload;
    if ($request_method = POST) { return 418; }
`;
}

/** In the server, where $uri is the file's path from the site's root. */
export function askRule(site: DeployedSite): string {
  if (!asks(site)) return '';
  return `
    # Some repositories are private: kho serve is asked about each file, by the path that nginx will read it at.
    set $kho_private "";
    error_page 401 = @kho_refused;
    if ($uri ~ "[\\x00-\\x1f\\x7f\\\\\\\\]") { return 404; }
`;
}

/** In each location that sends files; what nginx redirects, or answers with 404 by the shape of the address alone, needs no leave. */
export function askLines(site: DeployedSite): string {
  if (!asks(site)) return '';
  return `        set $kho_path $uri;
        auth_request ${site.prefix}${ASK};
        auth_request_set $kho_private ${KHO_SAYS};
`;
}

/** In the server, and in each location with lines of this kind: 500 is what nginx makes of it when nobody can be asked. */
export function downLine({ live }: DeployedSite, indent: string): string {
  if (!live) return '';
  return `${indent}error_page ${live.asksReaders ? '500 ' : ''}502 504 = @kho_down;\n`;
}

/** The locations that speak to kho serve, and the one for when it does not answer. */
export function liveLocations(site: DeployedSite): string {
  if (!site.live) return '';
  return `${takesUploads(site) ? uploadLocation(site) : ''}${asks(site) ? askLocations(site) : ''}
    # While kho serve does not run, clients are told to come again.
    location @kho_down {
        default_type ${TEXT_TYPE};
        add_header Retry-After ${RETRY_SECONDS} always;
        add_header Cache-Control ${CACHE_CONTROL.never} always;
        return 503 "${KHO_IS_DOWN}\\n";
    }
`;
}

export const forwardLines = ({ prefix }: DeployedSite) => `        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-Host "";
        proxy_set_header X-Forwarded-Prefix "${prefix}";
        proxy_intercept_errors off;
        proxy_redirect off;
        gzip off;
        add_header Cache-Control "";  # kho says itself who may keep or read its answers: none of the lines above`;

export const passLine = ({ live }: DeployedSite) => `proxy_pass http://unix:${live?.socket}`;

function uploadLocation(site: DeployedSite): string {
  return `
    location @kho_upload {
        client_max_body_size 0;  # kho knows how big a file may be (upload.max_file), and says so
        proxy_request_buffering off;
        proxy_read_timeout ${UPLOAD_SECONDS}s;
        proxy_send_timeout ${UPLOAD_SECONDS}s;
${forwardLines(site)}
        ${passLine(site)};
    }
`;
}

function askLocations(site: DeployedSite): string {
  return `
    location = ${ASK} {
        internal;
        if ($kho_path = "") { return 404; }  # nor from outside where addresses were rewritten
        proxy_http_version 1.1;
        proxy_pass_request_body off;
        proxy_set_header Content-Length "";
        proxy_set_header Host localhost;
        proxy_set_header X-Forwarded-For "";
        proxy_set_header ${READ_PATH_HEADER} $kho_path;
        ${passLine(site)}:${MAY_READ_TARGET};
    }
    # Whoever may not read something is told so by kho itself, in its words.
    location @kho_refused {
        proxy_hide_header WWW-Authenticate;  # auth_request has passed it on already
${forwardLines(site)}
        ${passLine(site)};
    }
`;
}
