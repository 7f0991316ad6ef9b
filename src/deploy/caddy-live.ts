/** What Caddy leaves to `kho serve`: uploads, and who may read private repositories. Pure. */
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import { MAY_READ_TARGET, PRIVATE_HEADER, READ_PATH_HEADER } from '../standards/http/may-read.ts';
import { contentType, HTML_TYPE, PACKAGE_TYPE, TEXT_TYPE } from '../standards/http/media-types.ts';
import type { DeployedSite } from './deployed-site.ts';
import { KHO_IS_DOWN, RETRY_SECONDS } from './kho-is-down.ts';
import { AT_HAND, PULLED_FILE, pulledFolder, pulledPage, pullingPart } from './pulled-shapes.ts';
import { useHttps } from './use-https.ts';

const asks = ({ live }: DeployedSite) => live?.asksReaders === true;
const takesUploads = ({ live }: DeployedSite) => live?.takesUploads === true;

/** First in the route: clients send a body to one address, and no second time. */
export function caddyUpload(site: DeployedSite): string {
  const { live, prefix } = site;
  if (!takesUploads(site)) return '';
  return `		# What is posted goes to kho serve, as it comes. Caddy replaces its reason phrase: twine shows the status alone, others the words.
		@posted method POST
		handle @posted {
			reverse_proxy unix/${live?.socket} {
${forwardLines(prefix)}			}
		}

`;
}

/** In the route, where {path} is the file's path from the site's root. */
export function caddyAsk(site: DeployedSite): string {
  const { live, prefix } = site;
  if (!asks(site)) return '';
  return `		# Some repositories are private: kho serve is asked about each file, by the path that Caddy will read it at. (This is forward_auth,
		# with the path decoded. Whoever may not read something is told so by kho itself.)
		@control expression \`{path}.matches("[[:cntrl:]\\\\\\\\]")\`
		error @control 404
		vars kho_path {path}
		reverse_proxy unix/${live?.socket} {
			method GET
			rewrite ${MAY_READ_TARGET}
			header_up ${READ_PATH_HEADER} {vars.kho_path}
			header_up -X-Forwarded-For
			header_up -X-Forwarded-Host
${prefix === '' ? '' : `			header_up -X-Forwarded-Prefix\n`}
			@may_read status 204
			handle_response @may_read {
				vars kho_private {rp.header.${PRIVATE_HEADER}}
			}
			@impossible status 403
			handle_response @impossible {
				error 404
			}
		}
`;
}

/**
 * In the route, after who may read was asked, and before headers are set: `kho serve` finds pages of projects that other indexes may have, and
 * brings files; those that are here Caddy sends itself.
 */
export function caddyPull(site: DeployedSite): string {
  const part = pullingPart(site);
  if (!part) return '';
  const pass = `reverse_proxy unix/${part.socket} {
${forwardLines(site.prefix)}`;
  return `		# Pages of projects that other indexes may have: kho serve finds them. While it does not answer, pages list what is at hand.
		@pulled path_regexp \`${pulledPage(part)}\`
		handle @pulled {
			${pass}			}
		}
		# Files of other indexes: those that were brought before are here, the others kho brings.
		@to_bring {
			path_regexp \`${PULLED_FILE}\`
			not file {path}
		}
		handle @to_bring {
			${pass}				flush_interval -1
			}
		}
`;
}

/** Beside what is said of packages: those of other indexes that are here. */
export function caddyBrought(site: DeployedSite): string {
  if (!pullingPart(site)) return '';
  return `		@brought path_regexp \`${PULLED_FILE}\`
		route @brought {
			header Content-Type ${PACKAGE_TYPE}
			@brought_metadata path_regexp \\.metadata$
			header @brought_metadata Content-Type "${contentType(TEXT_TYPE)}"
			file_server {
				disable_canonical_uris
			}
		}
`;
}

/** Among what is said of errors, before `caddyDown`: what is private nobody can be asked about. */
export function caddyAtHand(site: DeployedSite): string {
  const part = pullingPart(site);
  if (!part || asks(site)) return '';
  const prefix = site.prefix.replaceAll('.', '\\.');
  return `		# Pages of what is at hand, in the form that all installers read.
		@at_hand {
			expression {http.error.status_code} in [502, 504]
			path_regexp at_hand \`${pulledFolder(part).replace('^', `^${prefix}`)}\`
		}
		route @at_hand {
			@has_page file ${AT_HAND}{re.at_hand.1}index.html {re.at_hand.1}index.html
			handle @has_page {
				header {
					-Retry-After
					Cache-Control ${CACHE_CONTROL.ask}
					Content-Type "${contentType(HTML_TYPE)}"
				}
				rewrite * {file_match.relative}
				file_server {
					status 200
				}
			}
		}
`;
}

/** After the header lines that all answers have. */
export function caddyPrivate(site: DeployedSite): string {
  if (!asks(site)) return '';
  return `		@private vars kho_private yes
		header @private {
			Cache-Control "${CACHE_CONTROL.private}"
			-Access-Control-Allow-Origin
			+Vary Authorization
			defer
		}
`;
}

/** Among what is said of errors: clients are told to come again. */
export function caddyDown({ live }: DeployedSite): string {
  if (!live) return '';
  return `		# While kho serve does not run.
		@down expression {http.error.status_code} in [502, 504]
		header @down Retry-After ${RETRY_SECONDS}
		header @down Cache-Control ${CACHE_CONTROL.never}
		header @down Content-Type "${contentType(TEXT_TYPE)}"
		respond @down \`${KHO_IS_DOWN}
\` 503
`;
}

function forwardLines(prefix: string): string {
  const line = prefix === '' ? '-X-Forwarded-Prefix' : `X-Forwarded-Prefix ${prefix}`;
  return `				header_up ${line}\n`;
}

/** In the place of Caddy's own redirect, where it would listen at port 80 by itself. */
export function caddyPlain(site: DeployedSite): string {
  const { host, isHttps, port, listen, isHostKnown } = site;
  if (!takesUploads(site) || !isHttps || port !== 443 || listen !== undefined) return '';
  return `
# Whoever comes without https is sent there, but for uploads: clients follow a redirect in ways of their own, and some not at all.
${isHostKnown ? '' : '# CHANGE THIS to the name of your host.\n'}http://${host} {
	@posted method POST
	respond @posted \`${useHttps(host)}
\` 403
	redir https://{host}{uri} 301
}
`;
}
