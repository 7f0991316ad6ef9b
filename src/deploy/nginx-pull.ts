/**
 * What nginx does with pages and files of other indexes: `kho serve` finds pages, and brings files; those that are here nginx sends itself. While
 * kho does not answer, pages list what is at hand, and what has none cannot be told to be absent: 503. Pure.
 */
import { HTML_TYPE, PACKAGE_TYPE, SIMPLE_TYPES, TEXT_TYPE } from '../standards/http/media-types.ts';
import type { DeployedSite } from './deployed-site.ts';
import { askLines, downLine, forwardLines, passLine } from './nginx-live.ts';
import { AT_HAND, PULLED_FILE, pulledPage, pullingPart } from './pulled-shapes.ts';

/** Seconds for the next bytes: an upstream that has broken off is asked anew meanwhile. */
const PULL_SECONDS = 300;

/** Before the locations of pages and packages that nginx reads itself. */
export function pullLocations(site: DeployedSite): string {
  const part = pullingPart(site);
  if (!part) return '';
  const ask = askLines(site);
  return `
    # Pages of projects that other indexes may have: kho serve finds them. While it does not answer, pages list what is at hand.
    location ~ "${pulledPage(part)}" {
        error_page 502 504 = @kho_at_hand;
        recursive_error_pages on;
${forwardLines(site)}
        ${passLine(site)};
    }
    location @kho_at_hand {
${downLine(site, '        ')}        recursive_error_pages on;
${ask}        types { ${HTML_TYPE} html; ${SIMPLE_TYPES.json} json; }
        try_files ${AT_HAND}\${uri}index.$kho_form ${AT_HAND}$uri \${uri}index.$kho_form $uri @kho_down;
    }
    # Files of other indexes: those that were brought before are here, the others kho brings.
    location ~ "${PULLED_FILE}" {
${ask}        gzip off;
        types { ${TEXT_TYPE} metadata; }
        default_type ${PACKAGE_TYPE};
        try_files $uri @kho_bring;
    }
    location @kho_bring {
        proxy_max_temp_file_size 0;
        proxy_read_timeout ${PULL_SECONDS}s;
${forwardLines(site)}
        ${passLine(site)};
    }
`;
}
