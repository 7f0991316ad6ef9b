/** Many small wheels by several clients at once: until the last can be installed, and what one answer takes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchClient } from './post-form.ts';
import { cpuMs, peakBytes, type TakingServer } from './upload-servers.ts';
import type { SmallWheel } from './wheels.ts';

export const CLIENTS = 8;

export interface ManyUploads {
  /** Until all that was uploaded last is listed and downloadable. */
  wallMs: number;
  /** Of the server. */
  cpuMs: number;
  peakBytes: number;
  /** Of each answer, sorted. */
  answersMs: number[];
}

/** For somebody who waits for a page. In milliseconds. */
const ASK_AGAIN_MS = 2;
const GIVE_UP_MS = 60_000;

/** @throws when an upload is refused, or a wheel is not listed in the end */
export async function uploadMany(server: TakingServer, wheels: readonly SmallWheel[]): Promise<ManyUploads> {
  const left = [...wheels].reverse();
  const answersMs: number[] = [];
  const last: SmallWheel[] = [];
  const clients = Array.from({ length: CLIENTS }, () => new BenchClient(server));
  const cpuBefore = cpuMs(server.pid);
  const began = performance.now();
  try {
    await Promise.all(
      clients.map(async (client) => {
        let own: SmallWheel | undefined;
        for (let next = left.pop(); next !== undefined; next = left.pop()) {
          answersMs.push(await client.upload(next));
          own = next;
        }
        if (own) last.push(own);
      }),
    );
    for (const wheel of last) await untilInstallable(server, wheel);
  } finally {
    for (const client of clients) client.close();
  }
  const wallMs = performance.now() - began;
  const used = cpuMs(server.pid) - cpuBefore;
  for (const wheel of wheels) await untilListed(server, wheel);
  return { wallMs, cpuMs: used, peakBytes: peakBytes(server.pid), answersMs: answersMs.sort((a, b) => a - b) };
}

/** Until its page lists it, and what the page links to has its length. */
export async function untilInstallable(
  server: TakingServer,
  wheel: Pick<SmallWheel, 'project' | 'filename'>,
): Promise<void> {
  const link = await untilListed(server, wheel);
  const answer = await fetch(link, { method: 'HEAD' });
  if (!answer.ok) throw new Error(`${link} is listed, and not there: ${answer.status}`);
}

/** @returns where it is downloaded */
async function untilListed(
  { url, pageOf }: TakingServer,
  { project, filename }: Pick<SmallWheel, 'project' | 'filename'>,
): Promise<string> {
  const page = url + pageOf(project);
  const until = performance.now() + GIVE_UP_MS;
  for (;;) {
    const answer = await fetch(page, { headers: { Accept: 'text/html' } });
    const text = await answer.text();
    const link = [...text.matchAll(/href="([^"#]+)/g)]
      .map(([, href]) => href as string)
      .find((href) => href.endsWith(filename));
    if (answer.ok && link !== undefined) return new URL(link, page).href;
    if (performance.now() > until) throw new Error(`${filename} was not listed within ${GIVE_UP_MS / 1000} s`);
    await sleep(ASK_AGAIN_MS);
  }
}
