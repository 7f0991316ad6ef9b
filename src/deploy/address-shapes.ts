/**
 * Which addresses of a site lead to something, as regular expressions that PCRE (nginx, Apache) and RE2 (Caddy) read
 * in the same way. Everything else is 404: kho.toml, .kho, incoming/ and uploads under way need no rule of their own.
 *
 * A repository is any folder, so that no server has to be told of a new one.
 */
import { PACKAGE_ENDINGS } from '../standards/package-suffixes.ts';
import { SERVED_ENDINGS } from '../standards/side-files.ts';
import { HEAD_PATH } from '../sync-format/head.ts';
import { SYNC_FOLDER, SYNC_NAMES } from '../sync-format/sync-names.ts';

/** Absent where the site itself is the repository. */
const REPOSITORY = '(?:[^/]+/)?';
/** More than normalized names, so that others can be redirected. PEP 508. */
export const NAME = '[A-Za-z0-9._-]+';

/** Folders of a site that are not published. */
export const UNPUBLISHED: readonly string[] = ['incoming', 'originals'];

/** What every browser and search engine asks for, if the owner has it. */
export const OF_THE_OWNER: readonly string[] = ['favicon.ico', 'robots.txt'];

export const SHAPES = {
  /** What stands first in all servers: nothing below a dot-file or dot-folder, nor where uploads wait. */
  hidden: `/\\.|^/(?:${UNPUBLISHED.join('|')})(?:/|$)`,
  /** Packages, and what stands beside them. */
  packages: `^/${REPOSITORY}packages/.+\\.(?:${PACKAGE_ENDINGS})(?:\\.(?:${SERVED_ENDINGS}))?$`,
  /** What sites that follow a repository ask for. */
  sync: `^/${REPOSITORY}${SYNC_FOLDER}/(?:${SYNC_NAMES})$`,
  /** PyPI's JSON API. */
  pypi: `^/${REPOSITORY}pypi/${NAME}/(?:[^/\\s]+/)?json$`,
  /** The same with a slash that does not belong there. */
  pypiSlash: `^/${REPOSITORY}pypi/${NAME}/(?:[^/\\s]+/)?json/$`,
  /** A page of the simple API under the name of its file. */
  simpleFile: `^/${REPOSITORY}simple/(?:${NAME}/)?index\\.(?:html|json)$`,
  /** A page of the simple API: which of its two forms, the client decides. */
  simplePage: `^/${REPOSITORY}simple/(?:${NAME}/)?$`,
  /** The same, its slash forgotten. */
  simpleSlash: `^/${REPOSITORY}simple(?:/${NAME})?$`,
  /** Pages for people. */
  front: `^/${REPOSITORY}$`,
  frontFile: `^/${REPOSITORY}(?:index\\.html|SHA256SUMS)$`,
  project: `^/${REPOSITORY}project/.+$`,
  projectPage: `^/${REPOSITORY}project/(?:.+/)?$`,
  ownFile: `^/(?:${OF_THE_OWNER.map((name) => name.replace('.', '\\.')).join('|')})$`,
} as const;

/** Before pages for people, and what they are made of, which are sent with a Content-Security-Policy as a header. */
export const BEFORE_PROJECT = `^/${REPOSITORY}project/`;

/** Of `SHAPES.sync`, without its beginning: all but the head bear hashes of what is in them. */
export const SYNC_KEPT = `/${SYNC_FOLDER}/(?!head\\.json$)(?:${SYNC_NAMES})$`;
export const SYNC_HEAD = `/${HEAD_PATH.replace('.', '\\.')}$`;

/** Before a name that may have to be normalized; PEP 503. */
export const BEFORE_NAME = `^/${REPOSITORY}(?:simple|pypi)/`;

/** In a path as the client wrote it: slashes to collapse. pip's and uv's relative links would lead astray in such a folder. */
export const DOUBLE_SLASH = '^/(?:[^?]*/)?/';

/** In an Accept header: JSON is named, of this version or the latest. */
export const NAMES_JSON = 'application/vnd\\.pypi\\.simple\\.(?:v1|latest)\\+json';

/** In an Accept header: the client names JSON, and does not refuse it. PCRE only. */
export const ACCEPTS_JSON = `${NAMES_JSON}(?!\\s*;\\s*q=0(?:\\.0*)?\\s*(?:,|$))`;

/** What installers ask for, with the prefix that the site has. They are told no more than that something is not there. */
export function forClients(prefix: string): string {
  return `${prefix.replaceAll('.', '\\.')}/${REPOSITORY}(?:simple|pypi|packages)(?:/|$)`;
}
