/** A site's configuration for Caddy 2.6 and later, as a part of a Caddyfile. Pure. */

import { LOST_PAGE, NAMED_BY_CONTENT } from '../render/web/places.ts';
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import {
  contentType,
  HTML_TYPE,
  PACKAGE_TYPE,
  PACKED_TYPES,
  PAGE_TYPES,
  PYPI_JSON_TYPE,
  SIMPLE_TYPES,
  TEXT_TYPE,
} from '../standards/http/media-types.ts';
import { SERVED_SIDE_FILES, SIDE_FILE_KINDS } from '../standards/side-files.ts';
import { HEAD_PATH } from '../sync-format/head.ts';
import { BEFORE_NAME, BEFORE_PROJECT, forClients, NAME, NAMES_JSON, SHAPES } from './address-shapes.ts';
import { addressLines, bindLine, REFUSED, tlsLines } from './caddy-listen.ts';
import {
  caddyAsk,
  caddyAtHand,
  caddyBrought,
  caddyDown,
  caddyPlain,
  caddyPrivate,
  caddyPull,
  caddyUpload,
} from './caddy-live.ts';
import { CONFIGURATIONS } from './config-forms.ts';

import { type DeployedSite, quotedPath } from './deployed-site.ts';

/** Between backquotes a Caddyfile takes everything as it is. */
const pattern = (text: string) => `\`${text}\``;
/** With the whole address as placeholder `{re.….1}`, slashes collapsed. */
const whole = (shape: keyof typeof SHAPES) => pattern(`^(${SHAPES[shape].slice(1, -1)})$`);
const simpleFile = (ending: string) => pattern(SHAPES.simpleFile.replace('(?:html|json)', ending));

const HTML_FIRST = '(?:text/html|v1\\+html)\\s*';
const JSON_LATER = 'simple\\.(?:v1|latest)\\+json\\s*;\\s*q=0';

/** @throws {KhoError} USAGE when the folder's name cannot be written in it */
export function caddyConfig(site: DeployedSite): string {
  const { folder, prefix } = site;
  return `# A site of Python packages, published by kho, for Caddy 2.
#
# Put it into ${CONFIGURATIONS.caddy.savedAs}, then:  caddy validate --config ${CONFIGURATIONS.caddy.savedAs} && systemctl reload caddy
# A new repository is a new folder of the site: nothing has to be changed here for it.

# Pages: compressed on the way. (Packages never are: their hashes are those of the stored bytes.)
(kho_page) {
	encode {
		gzip
		match {
${PACKED_TYPES.map((type) => `\t\t\theader Content-Type ${type}*`).join('\n')}
		}
	}
	file_server {
		disable_canonical_uris
${site.precompress ? '\t\tprecompressed br gzip  # as kho writes them beside each page (precompress)\n' : ''}	}
}

${addressLines(site)} {
${bindLine(site)}${tlsLines(site)}	root * ${quotedPath(folder, REFUSED)}

${site.live ? '' : headerLines(site, '\t')}	route {
${outsideLines(prefix)}${caddyUpload(site)}		# The links of a page would lead astray from an address with doubled slashes.
		@doubled {
			expression {http.request.orig_uri.path}.contains("//")
			path_regexp doubled ^(.*)$
		}
		redir @doubled {re.doubled.1} 301

${prefixLines(prefix)}		# Reading is all there is.
		@other_method not method GET HEAD OPTIONS
		error @other_method 405

		# Nothing that begins with a dot, and no file whose upload is under way.
		@hidden path_regexp ${pattern(SHAPES.hidden)}
		error @hidden 404

		# Longer than any file's name may be.
		@long expression {path}.size() > 2000 || {path}.matches("[^/]{256}")
		error @long 404
${site.live ? '\n' : ''}${caddyAsk(site)}${caddyPull(site)}${site.live ? `${headerLines(site, '\t\t')}${caddyPrivate(site)}\n` : ''}
${caddyBrought(site)}		@packages path_regexp ${pattern(SHAPES.packages)}
		route @packages {
			header Content-Type ${PACKAGE_TYPE}
${sideFileLines()}
			file_server {
				disable_canonical_uris
			}
		}

		# What sites that follow this one ask for: as it is, since packed files are asked for by their own names.
		@sync path_regexp ${pattern(SHAPES.sync)}
		route @sync {
			@sync_file not path */${HEAD_PATH}
			@sync_there {
				not path */${HEAD_PATH}
				file {path}
			}
			header Content-Type ${PYPI_JSON_TYPE}
			header @sync_file Content-Type ${PACKAGE_TYPE}
			header @sync_there Cache-Control "${CACHE_CONTROL.keep}"
			file_server {
				disable_canonical_uris
			}
		}

		# The simple API (PEP 503, PEP 691) under the names of its files.
		@html_file path_regexp ${simpleFile('html')}
		handle @html_file {
			header Content-Type "${contentType(HTML_TYPE)}"
			import kho_page
		}
		@json_file path_regexp ${simpleFile('json')}
		handle @json_file {
			header Content-Type ${SIMPLE_TYPES.json}
			import kho_page
		}

		# Names in another spelling, as people type them: Foo_Bar is foo-bar.
		@spelled path_regexp spelled ${pattern(`(${BEFORE_NAME})([a-z0-9-]*(?:[A-Z_.]|--)${NAME.slice(0, -1)}*)(/?|/(?:[^/\\s]+/)?json)$`)}
		route @spelled {
			rewrite * /{re.spelled.2}
${letterLines()}
			uri path_regexp [-_.]+ -
			uri strip_prefix /
			redir * ${prefix}{re.spelled.1}{path}{re.spelled.3} 301
		}

		# PyPI's JSON API; its files have no ending that would tell their type.
		@pypi path_regexp ${pattern(SHAPES.pypi)}
		handle @pypi {
			header Content-Type ${PYPI_JSON_TYPE}
			import kho_page
		}

		@pypi_slash path_regexp pypi_slash ${pattern(`^(${SHAPES.pypiSlash.slice(1, -2)})/$`)}
		redir @pypi_slash ${prefix}{re.pypi_slash.1} 301

		# Without its slash, the links of a page would lead one folder too high.
		@slash path_regexp slash ${whole('simpleSlash')}
		redir @slash ${prefix}{re.slash.1}/ 301

		# The form of a page: JSON for a client that names it, unless it refuses it or has an HTML type before it; HTML for
		# all others.
		@json_page {
			path_regexp json_page ${whole('simplePage')}
			header_regexp Accept ${pattern(`(?i)${NAMES_JSON}`)}
			not header_regexp Accept ${pattern(`(?i)${JSON_LATER}(?:\\.0*)?\\s*(?:,|$)`)}
			not header_regexp Accept ${pattern(`(?i)${JSON_LATER}.*${HTML_FIRST}(?:,|$)|${HTML_FIRST},.*${JSON_LATER}`)}
		}
		handle @json_page {
			header Content-Type ${SIMPLE_TYPES.json}
			rewrite * {re.json_page.1}index.json
			import kho_page
		}
		@html_page path_regexp html_page ${whole('simplePage')}
		handle @html_page {
			header Content-Type "${contentType(HTML_TYPE)}"
			rewrite * {re.html_page.1}index.html
			import kho_page
		}

		# Pages for people${policyLine(site)}		@front path_regexp front ${pattern(`^(${SHAPES.front.slice(1, -1)}|${SHAPES.projectPage.slice(1, -1)})$`)}
		handle @front {
			header Content-Type "${contentType(HTML_TYPE)}"
			rewrite * {re.front.1}index.html
			import kho_page
		}
		@sums path_regexp SHA256SUMS$
		header @sums Content-Type "${contentType(TEXT_TYPE)}"
		@folder {
			path_regexp folder ${pattern(`^(/[^/]+(?:/project)?|${SHAPES.project.slice(1, -1)})$`)}
			file {path}/index.html
		}
		redir @folder ${prefix}{re.folder.1}/ 301
		@style path_regexp ^/${NAMED_BY_CONTENT}$
		handle @style {
			@there file {path}
			header @there Cache-Control "${CACHE_CONTROL.keep}"
			import kho_page
		}
		@feed path_regexp \\.xml$
		header @feed Content-Type ${PAGE_TYPES['xml']}
		@front_file path_regexp ${pattern(`${SHAPES.frontFile}|${SHAPES.project}|${SHAPES.ownFile}`)}
		handle @front_file {
			import kho_page
		}

		error 404
	}

	# What must not or cannot be read is not there. uv ends its search at a 403.
	handle_errors {
${site.live ? errorHeaders : ''}${caddyAtHand(site)}${caddyDown(site)}${lostLines(site)}		header Content-Type "${contentType(TEXT_TYPE)}"
		@forbidden expression {http.error.status_code} == 403
		respond @forbidden \`404 Not Found
\` 404
		respond \`{http.error.status_code} {http.error.status_text}
\` {http.error.status_code}
	}
}
${caddyPlain(site)}`;
}

/** Answers of kho have their own. @param indent where they stand */
function headerLines({ prefix, live }: DeployedSite, indent: string): string {
  // In the route the prefix is gone by now.
  const simple = `@simple path_regexp ^${live ? '' : prefix}/(?:[^/]+/)?simple(?:/|$)`;
  return `	# Told with each answer. no-cache means "ask whether it has changed": a release is seen at once, and costs a client
	# that knows it only a 304. A file that was replaced under its name is seen as well.
	header {
		Cache-Control ${CACHE_CONTROL.ask}
		Access-Control-Allow-Origin *
		X-Content-Type-Options nosniff
	}
	# Caches must keep the two forms of a page apart.
	${simple}
	header @simple Vary Accept

`.replace(/^\t/gm, indent);
}

/** Of errors that come before any header was set. */
const errorHeaders = `		header {
			Cache-Control ${CACHE_CONTROL.ask}
			Access-Control-Allow-Origin *
			X-Content-Type-Options nosniff
		}
`;

/** Pages say so themselves; this stands before them, and keeps other pages from standing around them. */
function policyLine({ pagePolicy }: DeployedSite): string {
  if (pagePolicy === undefined) return '.\n';
  return ` use nothing but the site's own files.
		@people path_regexp ${BEFORE_PROJECT}
		header @people Content-Security-Policy "${pagePolicy}"
`;
}

/** People who are lost find their way back; clients are told the bare fact. */
function lostLines({ pagePolicy, prefix }: DeployedSite): string {
  if (pagePolicy === undefined) return '';
  return `		@lost {
			expression {http.error.status_code} in [403, 404]
			not path_regexp ^${forClients(prefix)}
			file /${LOST_PAGE}
		}
		handle @lost {
			header Content-Type "text/html; charset=utf-8"
			header Content-Security-Policy "${pagePolicy}"
			rewrite * /${LOST_PAGE}
			file_server {
				status 404
			}
		}
`;
}

function sideFileLines(): string {
  return SERVED_SIDE_FILES.map(
    (side) => `\t\t\t@${side} path_regexp \\.${side}$
\t\t\theader @${side} Content-Type "${contentType(SIDE_FILE_KINDS[side].mediaType as string)}"`,
  ).join('\n');
}

function outsideLines(prefix: string): string {
  if (prefix === '') return '';
  return `		@outside not path ${prefix} ${prefix}/*
		error @outside 404

`;
}

function prefixLines(prefix: string): string {
  if (prefix === '') return '';
  return `		# The rules below see addresses without ${prefix}.
		redir ${prefix} ${prefix}/ 301
		uri strip_prefix ${prefix}

`;
}

function letterLines(): string {
  return [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
    .map((letter) => `\t\t\turi path_regexp ${letter} ${letter.toLowerCase()}`)
    .join('\n');
}
