/** Sites have a name or two; pages with whole addresses are kept for so many. */
const REMEMBERED = 8;
/** A client may bring in so many that are not remembered at once, and one more in each time of that length, in milliseconds. */
const NEW_HOSTS = 4;
const NEW_HOST_MS = 10_000;
/** Clients that brought in any, remembered. */
const MOST_CLIENTS = 1000;

/**
 * Under which addresses a site is known, as clients say. Anybody can make up a Host, and a page is made anew for each: who does so
 * again and again waits, and does not push out those that others use.
 */
export class KnownHosts {
  readonly #now: () => number;
  /** The one used longest ago first. */
  readonly #siteUrls = new Set<string>();
  /** By client: when what it brought in will be forgotten, in milliseconds. */
  readonly #busyUntil = new Map<string, number>();

  /** @param now milliseconds, from any point in time */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @returns whether pages may be made for it; false when this client has named too many lately */
  admits(siteUrl: string, client: string): boolean {
    if (this.#siteUrls.delete(siteUrl)) {
      this.#siteUrls.add(siteUrl);
      return true;
    }
    const nowMs = this.#now();
    const untilMs = Math.max(this.#busyUntil.get(client) ?? 0, nowMs) + NEW_HOST_MS;
    if (untilMs - nowMs > NEW_HOSTS * NEW_HOST_MS) return false;
    this.#busyUntil.delete(client);
    this.#busyUntil.set(client, untilMs);
    forgetFirst(this.#busyUntil, MOST_CLIENTS);
    this.#siteUrls.add(siteUrl);
    forgetFirst(this.#siteUrls, REMEMBERED);
    return true;
  }
}

function forgetFirst(hosts: Map<string, unknown> | Set<string>, most: number): void {
  if (hosts.size <= most) return;
  for (const first of hosts.keys()) return void hosts.delete(first);
}
