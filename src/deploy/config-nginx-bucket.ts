/**
 * nginx before a bucket that it may read without signing: on the same network, or public. With nothing but the modules that every build of it
 * has; nginx 1.18 and later.
 */
import { LOST_PAGE } from '../render/web/places.ts';
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import { PAGE_TYPES } from '../standards/http/media-types.ts';
import { BEFORE_PROJECT, SHAPES } from './address-shapes.ts';
import { CONFIGURATIONS } from './config-forms.ts';
import { type BucketStore, bucketStore } from './edge/bucket-store.ts';
import type { EdgeSite } from './edge/edge-site.ts';
import { listenLines, plainServer } from './nginx-listen.ts';
import { asPattern, outsideLine, PACKING, PAGE_MAPS, policyMap, prefixLines, SINGLE_SLASHES } from './nginx-maps.ts';
import { nameLocation } from './nginx-names.ts';

export interface NginxBucketOptions {
  nginxVersion: string;
  /** Where the store answers, without the bucket: that of AWS when absent. */
  endpoint?: string;
  /** Of AWS; us-east-1 when absent. */
  region?: string;
}

/** Pages that nobody asked for are kept no longer, in minutes. */
const UNSEEN_MINUTES = 12 * 60;

/** What stores say for themselves: S3, and what speaks its language. */
const STORE_HEADERS = [
  ...[
    'amz-id-2',
    'amz-request-id',
    'amz-version-id',
    'amz-meta-kho-sha256',
    'amz-meta-s3cmd-attrs',
    'amz-storage-class',
  ],
  ...[
    'amz-server-side-encryption',
    'amz-server-side-encryption-aws-kms-key-id',
    'amz-expiration',
    'amz-replication-status',
  ],
  ...['amz-bucket-region', 'amz-mp-parts-count', 'amz-checksum-crc32', 'amz-checksum-sha256', 'amz-checksum-type'],
].map((name) => `x-${name}`);

/** @throws {KhoError} USAGE */
export function nginxBucketConfig(edge: EdgeSite, options: NginxBucketOptions): string {
  const { site, bucket, keyPrefix } = edge;
  const { prefix } = site;
  const store = bucketStore(edge, options);
  // Sooner than the files go that they name: while the store is down, they are handed out unasked.
  const unseen = Math.max(1, Math.min(UNSEEN_MINUTES, Math.floor(edge.graceMs / 120_000)));
  const hasPages = site.pagePolicy !== undefined;
  const filesAsked = (range: string, match: string, unmodified: string) =>
    `${askedLines(store, '        ')}        proxy_set_header Range ${range};
        proxy_set_header If-Range "";
        proxy_set_header If-Match ${match};
        proxy_set_header If-Unmodified-Since ${unmodified};
`;
  const bare = '        error_page 400 403 404 = @kho_missing;\n';
  const lost = hasPages ? '        error_page 400 403 404 =404 @kho_lost;\n        recursive_error_pages on;\n' : '';
  return `# A site of Python packages in the bucket s3://${bucket}/${keyPrefix}, published by kho, served by nginx.
# Published from ${JSON.stringify(site.folder)}
#
# Save it as ${CONFIGURATIONS['nginx-bucket'].savedAs}, then:  nginx -t && systemctl reload nginx
# A new repository is a new folder in the bucket: nothing has to be changed here for it.
#
# nginx signs no requests: the bucket has to let it read without. Let nobody else reach the store, or the bucket be public; never give nginx's
# address more than s3:GetObject and s3:ListBucket (kho config s3-policy prints both, to be had with Principal "*" and a condition on
# aws:SourceIp). For a bucket that takes signed requests alone, set a gateway between that signs, and name it with --endpoint-url.

${PAGE_MAPS}# The path as the client wrote it, which the store gets, without its query. S3 reads a bare plus as a space.
map $request_uri $kho_raw {
    default "";
${rawLines(prefix)}
}

# Stores know nothing of If-Range: they are asked for the part on condition that the file is still the same, and else for the whole.
map $http_if_range $kho_range {
    default "";
    "" $http_range;
    '~(?:^"|GMT$)' $http_range;
}
map $http_if_range $kho_if_match {
    default "";
    "" $http_if_match;
    '~^"' $http_if_range;
}
map $http_if_range $kho_if_unmodified {
    default "";
    "" $http_if_unmodified_since;
    "~GMT$" $http_if_range;
}

# Objects say themselves how long they hold; what is not there may come at any moment.
map "$status $upstream_http_cache_control" $kho_cache {
    default ${CACHE_CONTROL.ask};
    "~^(?:200|206|304) (?<kho_says>.+)$" $kho_says;
}
${policyMap(site)}
# Pages. What nobody asked for in ${unseen} minutes is forgotten: sooner than files go that a page has named (grace in kho.toml).
proxy_cache_path /var/cache/nginx/kho-bucket levels=1:2 keys_zone=kho_bucket:10m max_size=1g inactive=${unseen}m use_temp_path=off;
${store.upstream}
${plainServer(site)}server {
${listenLines(site, options.nginxVersion)}

    add_header Cache-Control $kho_cache always;
    add_header Vary $kho_vary always;
    add_header Access-Control-Allow-Origin * always;
    add_header X-Content-Type-Options nosniff always;
${hasPages ? '    add_header Content-Security-Policy $kho_policy always;\n' : ''}
${PACKING}    gunzip on;  # pages that lie there packed (precompress), for who cannot unpack them
    server_tokens off;
    absolute_redirect off;  # right behind a proxy too

    # How the store is asked. Passwords of people are none of its business.
${store.lines}    proxy_http_version 1.1;
${askedLines(store, '    ')}    proxy_pass_request_body off;
    proxy_redirect off;
    proxy_connect_timeout 10s;
    proxy_hide_header Cache-Control;  # told again above
    proxy_hide_header Set-Cookie;
    proxy_hide_header Server;
    ${STORE_HEADERS.map((name) => `proxy_hide_header ${name};`).join('\n    ')}

    # A page is kept for a second, and then the store is asked whether it has changed, which costs a 304.
    proxy_cache kho_bucket;
    proxy_cache_key "$kho_raw $kho_form";
    proxy_cache_valid 200 1s;
    proxy_cache_revalidate on;
    proxy_cache_lock on;
    proxy_cache_use_stale error timeout http_500 http_502 http_503 http_504;
    proxy_ignore_headers Cache-Control Expires Set-Cookie Vary X-Accel-Expires;

    # What is not there is 404. Stores say 403 of it to who may not list, at which uv ends its search; and
    # 400 of names that they cannot hold.
    proxy_intercept_errors on;
    error_page 403 404 = @kho_missing;
    location @kho_missing { return 404; }
${outsideLine(prefix)}
    if ($request_method !~ "^(?:GET|HEAD)$") { return 405; }
    # The path goes to the store as it is: it may not mean anything else there than here.
    if ($request_uri ~* "^[^?]*(?:/\\.|%2e|%2f|%5c|%7f|%[01][0-9a-f]|[\\\\\\\\])") { return 404; }
${SINGLE_SLASHES}
    set $kho_moved "";
${prefixLines(prefix)}    if ($kho_raw = "") { return 404; }

    # Nothing that begins with a dot, kho's own among them.
    location ~ "${SHAPES.hidden}" { return 404; }
${hiddenLocation(edge)}
    # Packages, exactly as they are, from the store to the client without a copy on this disk: of any size, in parts too.
    # To keep them here, take the # away, and give proxy_cache_path the room; parts then come out of whole files.
    location ~ "${SHAPES.packages}" {
        gzip off;
        proxy_cache off;
        proxy_max_temp_file_size 0;
        # proxy_cache kho_bucket;
${filesAsked('$kho_range', '$kho_if_match', '$kho_if_unmodified')}${bare}        error_page 412 = @kho_whole;
        recursive_error_pages on;  # it may be gone there
        ${store.pass()}
    }
    location @kho_whole {
        gzip off;
        proxy_cache off;
        proxy_max_temp_file_size 0;
${filesAsked('""', '$http_if_match', '$http_if_unmodified_since')}        ${store.pass()}
    }

    # What sites that follow this one ask for: as it is.
    location ~ "${SHAPES.sync}" {
        gzip off;
        proxy_cache off;
        proxy_max_temp_file_size 0;
${bare}        ${store.pass()}
    }

${nameLocation()}
    # PyPI's JSON API.
    location ~ "${SHAPES.pypi}" {
        if ($kho_moved) { rewrite "^(.*)$" ${prefix}$1 permanent; }
${bare}        ${store.pass()}
    }
    location ~ "${SHAPES.pypiSlash}" { rewrite "^(.*)/$" ${prefix}$1 permanent; }

    # The simple API (PEP 503, PEP 691).
    location ~ "${SHAPES.simplePage}" {
        if ($kho_moved) { rewrite "^(.*)$" ${prefix}$1 permanent; }
${bare}        ${store.pass('index.$kho_form')}
    }
    location ~ "${SHAPES.simpleFile}" {
${bare}        ${store.pass()}
    }
    # Without its slash, the links of a page would lead one folder too high.
    location ~ "${SHAPES.simpleSlash}" { rewrite "^(.*)$" ${prefix}$1/ permanent; }

    # Pages for people.
    location ~ "${SHAPES.front}" {
${lost}        ${store.pass('index.html')}
    }
    location ~ "${SHAPES.frontFile}|${SHAPES.ownFile}" {
${bare}        ${store.pass()}
    }
    location ~ "${SHAPES.projectPage}" {
${lost}        ${store.pass('index.html')}
    }
    location ~ "${BEFORE_PROJECT}.+\\.(?:${Object.keys(PAGE_TYPES).join('|')})$" {
${lost}        ${store.pass()}
    }
    # Folders.
    location ~ "${BEFORE_PROJECT}.+$|^/[^/]+(?:/project)?$" { rewrite "^(.*)$" ${prefix}$1/ permanent; }
${lostLocation(edge, store)}
    location / {
${lost}        return 404;
    }
}
`;
}

/** All lines of this kind, wherever there is one of them. */
function askedLines({ host }: BucketStore, indent: string): string {
  const emptied = ['Connection', 'Authorization', 'Cookie', 'Accept-Encoding', 'Content-Length'];
  const lines = [`Host "${host}"`, ...emptied.map((name) => `${name} ""`)];
  return lines.map((line) => `${indent}proxy_set_header ${line};\n`).join('');
}

/** With as many pluses as a path of a site may have: in a version, and in the name of a file of it. */
function rawLines(prefix: string): string {
  const part = (name: string) => `(?<kho_${name}>[^?#+]*)`;
  const line = (names: string[]) =>
    `    "~^${asPattern(prefix)}(?=/)${names.map(part).join('\\+')}(?:\\?|$)" "${names.map((name) => `\${kho_${name}}`).join('%2B')}";`;
  return [['a'], ['b', 'c'], ['d', 'e', 'f']].map(line).join('\n');
}

/** Only kho knows tokens. */
function hiddenLocation({ hidden }: EdgeSite): string {
  if (hidden.length === 0) return '';
  const names = hidden.map((name) => name.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('|');
  return `    # Private repositories: nobody here knows their tokens.
    location ~ "^/(?:${names})(?:/|$)" { return 404; }
`;
}

/** People who are lost find their way back; clients are told the bare fact, elsewhere. */
function lostLocation({ site }: EdgeSite, store: BucketStore): string {
  if (site.pagePolicy === undefined) return '';
  return `    location @kho_lost {
        rewrite ^ /${LOST_PAGE} break;
        proxy_cache_key "$uri";
        ${store.passTo('$uri')}
    }
`;
}
