/** What the configuration of every web server needs to know of a site. Pure. */
import { join } from 'node:path';
import { privateNames } from '../config/private-repositories.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { siteUrlFault } from '../config/site-url.ts';
import { KhoError } from '../errors.ts';
import { contentPolicy } from '../render/web/policy.ts';
import { withoutTrailing } from '../standards/trailing.ts';

export interface ServingOptions {
  /** Instead of `url` in kho.toml. */
  url?: string;
  /** The published folder, where that is not the site itself (`kho build --out`). Absolute. */
  out?: string;
  /** An address with a port, such as `127.0.0.1:8080`; all addresses, and the port of the URL, when absent. */
  listen?: string;
  /** Files in PEM. Absent: where certbot puts them. */
  tlsCertificate?: string;
  tlsKey?: string;
  /** Of `kho serve`; USUAL_SOCKET when absent. */
  socket?: string;
}

/** Where `kho serve` listens for a web server that stands before it: the folder is made by the unit of `kho config systemd`. */
export const USUAL_SOCKET = '/run/kho/kho.sock';

/** In bytes: what Linux has room for (unix(7)), and its zero. */
const LONGEST_SOCKET = 107;

/** What a server of files cannot do alone, and leaves to `kho serve`. */
export interface LivePart {
  /** The path of its unix socket. */
  socket: string;
  /** What is posted goes there. */
  takesUploads: boolean;
  /** Some repositories are private: it is asked who may read what. */
  asksReaders: boolean;
  /** Names of repositories of which it finds the pages of projects, since other indexes have a part in them. */
  pulls: string[];
}

export interface DeployedSite {
  /** Absolute: what the server publishes. */
  folder: string;
  /** As in a URL: an IPv6 address is in brackets. */
  host: string;
  port: number;
  isHttps: boolean;
  /** False when nobody said where the site is to be found; `host` is an example then. */
  isHostKnown: boolean;
  /** What comes before the site in its addresses, without a trailing slash: `/pypi`, mostly empty. */
  prefix: string;
  listen?: string;
  tlsCertificate?: string;
  tlsKey?: string;
  /** Repositories that are links to folders elsewhere: a server must follow these. */
  linked: string[];
  /** Pages stand beside themselves packed, as `.gz` and `.br`. */
  precompress: boolean;
  /** The Content-Security-Policy of pages for people; absent where there are none. */
  pagePolicy?: string;
  /** Absent where files are all there is. */
  live?: LivePart;
  /** What is published goes to a bucket too: by which profile, if kho.toml names one. */
  bucket?: { profile?: string };
}

/** Documentation and this program use it for a host that the reader has to replace. */
export const EXAMPLE_HOST = 'packages.example.org';

/** @throws {KhoError} USAGE for an address that no configuration can hold */
export function servedSite(config: SiteConfig, options: ServingOptions = {}): DeployedSite {
  const address = options.url ?? config.url;
  const fault = address === undefined ? undefined : siteUrlFault(address);
  if (fault) throw new KhoError('USAGE', `Cannot serve a site as "${address}": it ${fault}`);
  const { protocol, hostname, port, pathname } = new URL(address ?? `https://${EXAMPLE_HOST}/`);
  const prefix = withoutTrailing(pathname, '/');
  // Hosts and paths of URLs may hold quotes, braces, dollars and semicolons, which mean something to each server.
  if (!/^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/.test(hostname) || !/^(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$/.test(prefix)) {
    throw new KhoError('USAGE', `Cannot write a configuration for the address "${address}"`, {
      hint: 'use letters, digits and - . _ in it',
    });
  }
  const isHttps = protocol === 'https:';
  const { listen, tlsCertificate, tlsKey, out } = options;
  const live = out === undefined ? livePart(config, checkedSocket(options.socket ?? USUAL_SOCKET)) : undefined;
  return {
    folder: out ?? config.root,
    host: hostname,
    port: port === '' ? (isHttps ? 443 : 80) : Number(port),
    isHttps,
    isHostKnown: address !== undefined,
    prefix,
    ...(listen !== undefined && { listen: checkedListen(listen) }),
    ...(tlsCertificate !== undefined && { tlsCertificate }),
    ...(tlsKey !== undefined && { tlsKey }),
    linked: out === undefined ? linkedRepositories(config) : [],
    precompress: config.precompress === true,
    ...(live && { live }),
    ...(config.publish !== undefined && { bucket: profileOf(config) }),
    ...(config.pages !== false && {
      pagePolicy: `${contentPolicy(config.remoteImages === true)}; frame-ancestors 'none'`,
    }),
  };
}

function profileOf({ bucket }: SiteConfig): NonNullable<DeployedSite['bucket']> {
  return bucket?.profile === undefined ? {} : { profile: bucket.profile };
}

function livePart(config: SiteConfig, socket: string): LivePart | undefined {
  const takesUploads = config.upload !== undefined;
  const asksReaders = privateNames(config).length > 0;
  const pulls = pullingRepositories(config);
  return takesUploads || asksReaders || pulls.length > 0 ? { socket, takesUploads, asksReaders, pulls } : undefined;
}

/** Names of repositories that pass on what other indexes have. */
export function pullingRepositories({ repositories }: Pick<SiteConfig, 'repositories'>): string[] {
  return repositories.filter(({ upstreams = [] }) => upstreams.length > 0).map(({ name }) => name);
}

/** Its signs mean the same to each server and shell. @throws {KhoError} USAGE */
export function checkedSocket(path: string): string {
  if (/^(?:\/[\w.+-]+)+$/.test(path) && !/\/\.{1,2}(?:\/|$)/.test(path) && path.length <= LONGEST_SOCKET) return path;
  throw new KhoError('USAGE', `Cannot use the socket "${path}"`, {
    hint: `give a whole path of at most ${LONGEST_SOCKET} letters, digits and - . _ +, like ${USUAL_SOCKET}`,
  });
}

/** Names of repositories that lie outside of the site's folder, whole or with their packages. */
function linkedRepositories({ root, repositories }: SiteConfig): string[] {
  return repositories
    .filter(({ name, folder, packages }) => {
      const home = join(root, name);
      return folder !== home || (packages !== undefined && packages !== join(home, 'packages'));
    })
    .map(({ name }) => name);
}

function checkedListen(text: string): string {
  const port = Number(/^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\]):(\d{1,5})$/i.exec(text)?.[1] ?? 0);
  if (port >= 1 && port <= 65_535) return text;
  throw new KhoError('USAGE', `Cannot listen on "${text}"`, { hint: 'give an address and a port: 127.0.0.1:8080' });
}

/**
 * A path between double quotes, as nginx, Apache, Caddy and systemd all read it.
 *
 * @param refused characters that would mean something else to that server even so
 * @throws {KhoError} USAGE
 */
export function quotedPath(path: string, refused: RegExp): string {
  if (/[\p{Cc}]/u.test(path) || refused.test(path)) {
    throw new KhoError(
      'USAGE',
      `Cannot write "${path}" into a configuration: one of its characters means something there`,
      {
        hint: 'move the site to a folder with a plain name, or link to it from one',
      },
    );
  }
  return `"${path.replace(/["\\]/g, '\\$&')}"`;
}
