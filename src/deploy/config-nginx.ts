/** A site's configuration for nginx 1.18 and later, with nothing but the modules that every build of it has. Pure. */

import { LOST_PAGE, NAMED_BY_CONTENT } from '../render/web/places.ts';
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import {
  HTML_TYPE,
  PACKAGE_TYPE,
  PAGE_TYPES,
  PYPI_JSON_TYPE,
  SIMPLE_TYPES,
  TEXT_TYPE,
} from '../standards/http/media-types.ts';
import { SERVED_SIDE_FILES, SIDE_FILE_KINDS } from '../standards/side-files.ts';
import { SHAPES, SYNC_KEPT } from './address-shapes.ts';
import { CONFIGURATIONS } from './config-forms.ts';
import { type DeployedSite, quotedPath } from './deployed-site.ts';
import { type NginxModules, packedLines, symlinkLines } from './nginx-files.ts';
import { listenLines, plainServer } from './nginx-listen.ts';
import { answerHeaders, askLines, askRule, downLine, liveLocations, privateMaps, uploadRule } from './nginx-live.ts';
import { outsideLine, PACKING, PAGE_MAPS, policyMap, prefixLines, SINGLE_SLASHES } from './nginx-maps.ts';
import { nameLocation } from './nginx-names.ts';
import { pullLocations } from './nginx-pull.ts';

export interface NginxOptions {
  /** `1.22.1`. The way to switch HTTP/2 on has changed in 1.25.1. */
  nginxVersion: string;
  /** What it was built with, or loads. */
  modules: NginxModules;
}

/** @throws {KhoError} USAGE when the folder's name cannot be written in it */
export function nginxConfig(site: DeployedSite, { nginxVersion, modules }: NginxOptions): string {
  const { prefix } = site;
  const { cache, vary, origin } = answerHeaders(site);
  const ask = askLines(site);
  return `# A site of Python packages, published by kho, for nginx.
#
# Save it as ${CONFIGURATIONS.nginx.savedAs}, then:  nginx -t && systemctl reload nginx
# A new repository is a new folder of the site: nothing has to be changed here for it.

${PAGE_MAPS}# Style and script of pages have other names when they change: they are kept.
map "$status $uri" $kho_keep {
    default ${CACHE_CONTROL.ask};
    "~^(?:200|206|304) /${NAMED_BY_CONTENT}$" "${CACHE_CONTROL.keep}";
    "~^(?:200|206|304) /(?:[^/]+/)?${SYNC_KEPT.slice(1)}" "${CACHE_CONTROL.keep}";
}
${policyMap(site)}${privateMaps(site)}
${plainServer(site)}server {
${listenLines(site, nginxVersion)}
    root ${quotedPath(site.folder, /\$/)};

    # Told with each answer, errors too. no-cache means "ask whether it has changed": a release is seen at once, and costs
    # a client that knows it only a 304. A file that was replaced under its name is seen as well.
    etag on;
    add_header Cache-Control ${cache} always;
    add_header Vary ${vary} always;
    add_header Access-Control-Allow-Origin ${origin} always;
    add_header X-Content-Type-Options nosniff always;
${site.pagePolicy === undefined ? '' : '    add_header Content-Security-Policy $kho_policy always;\n'}
    charset utf-8;
${PACKING}${site.precompress ? packedLines(modules, 'on') : ''}    server_tokens off;
    absolute_redirect off;  # right behind a proxy too
${site.precompress ? '' : symlinkLines(site, '    ')}
    # What must not or cannot be read is not there. uv ends its search at a 403.
    error_page 403 = @kho_missing;
    location @kho_missing { return 404; }
${downLine(site, '    ')}${outsideLine(prefix)}${uploadRule(site)}
${SINGLE_SLASHES}
    set $kho_moved "";
${prefixLines(prefix)}${askRule(site)}
    # Nothing that begins with a dot, and no file whose upload is under way.
    location ~ "${SHAPES.hidden}" { return 404; }
${pullLocations(site)}
    # Packages, exactly as they are: their hashes are those of the stored bytes.
    location ~ "${SHAPES.packages}" {
${ask}        gzip off;
${site.precompress ? packedLines(modules, 'off') + symlinkLines(site, '        ') : ''}        types { ${sideFileTypes()} }
        default_type ${PACKAGE_TYPE};
        try_files $uri =404;
    }

    # What sites that follow this one ask for: as it is, since packed files are asked for by their own names.
    location ~ "${SHAPES.sync}" {
${ask}        gzip off;
${site.precompress ? packedLines(modules, 'off') : ''}        types { ${PYPI_JSON_TYPE} json; }
        default_type ${PACKAGE_TYPE};
        try_files $uri =404;
    }

${nameLocation()}
    # PyPI's JSON API; its files have no ending that would tell their type.
    location ~ "${SHAPES.pypi}" {
        if ($kho_moved) { rewrite "^(.*)$" ${prefix}$1 permanent; }
${ask}        types { }
        default_type ${PYPI_JSON_TYPE};
        try_files $uri =404;
    }
    location ~ "${SHAPES.pypiSlash}" { rewrite "^(.*)/$" ${prefix}$1 permanent; }

    # The simple API (PEP 503, PEP 691).
    location ~ "${SHAPES.simplePage}" {
        if ($kho_moved) { rewrite "^(.*)$" ${prefix}$1 permanent; }
${ask}        types { ${HTML_TYPE} html; ${SIMPLE_TYPES.json} json; }
        try_files \${uri}index.$kho_form =404;
    }
    location ~ "${SHAPES.simpleFile}" {
${ask}        types { ${HTML_TYPE} html; ${SIMPLE_TYPES.json} json; }
        try_files $uri =404;
    }
    # Without its slash, the links of a page would lead one folder too high.
    location ~ "${SHAPES.simpleSlash}" { rewrite "^(.*)$" ${prefix}$1/ permanent; }

    # Pages for people.
    location ~ "${SHAPES.front}" {
${ask}${lostLines(site)}        types { ${HTML_TYPE} html; }
        try_files \${uri}index.html =404;
    }
    location ~ "${SHAPES.frontFile}" {
${ask}        types { ${HTML_TYPE} html; }
        default_type ${TEXT_TYPE};
        try_files $uri =404;
    }
    location ~ "${SHAPES.projectPage}" {
${ask}${lostLines(site)}        try_files \${uri}index.html =404;
    }
    location ~ "${SHAPES.project}" {
${ask}        types { ${pageTypes()} }
        try_files $uri @kho_folder;
    }
    location ~ "${SHAPES.ownFile}" { try_files $uri =404; }
    location ~ "^/[^/]+(?:/project)?$" {
${ask}${lostLines(site)}        try_files /.kho-no-such-file @kho_folder;
    }
    location @kho_folder {
${lostLines(site)}        if (-f $request_filename/index.html) { rewrite "^(.*)$" ${prefix}$1/ permanent; }
        return 404;
    }
${lostLocation(site)}${liveLocations(site)}
    location / {
${lostLines(site)}        return 404;
    }
}
`;
}

/** People who are lost find their way back; clients are told the bare fact, elsewhere. */
function lostLines(site: DeployedSite): string {
  const { pagePolicy, prefix, live } = site;
  if (pagePolicy === undefined) return '';
  const page = `${prefix}/${LOST_PAGE}`;
  const refused = live?.asksReaders ? '        error_page 401 = @kho_refused;\n' : '';
  const more = `${refused}${downLine(site, '        ')}`;
  return `        error_page 403 =404 ${page};\n        error_page 404 ${page};\n${more}`;
}

/** Anybody may read it: kho need not be asked, and where it is missing, nothing else is looked for. */
function lostLocation({ pagePolicy, live }: DeployedSite): string {
  if (pagePolicy === undefined || !live) return '';
  return `    location = /${LOST_PAGE} {
        types { ${HTML_TYPE} html; }
        try_files $uri =404;
    }
`;
}

function sideFileTypes(): string {
  return SERVED_SIDE_FILES.map((side) => `${SIDE_FILE_KINDS[side].mediaType} ${side};`).join(' ');
}

function pageTypes(): string {
  return Object.entries(PAGE_TYPES)
    .map(([ending, type]) => `${type} ${ending};`)
    .join(' ');
}
