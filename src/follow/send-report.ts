/** The centre is told what is here of it, over the line: then nothing of that goes there. */
import { createHash } from 'node:crypto';
import { withIncluded } from '../config/included.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { type HttpClient, Unreachable } from '../fetch/http-client.ts';
import type { Doer } from '../housekeeping/housekeeping.ts';
import { holdSite } from '../publish/hold-site.ts';
import { readGeneration } from '../publish/manifest.ts';
import { edgeReportText } from '../sync-format/edge-report.ts';
import type { SyncHead } from '../sync-format/head.ts';
import { edgeReport } from './edge-report.ts';
import { readFollowed, rememberFollowed } from './follow-state.ts';
import { wholeInPull } from './pull-folder.ts';
import type { PullOrder } from './pull-order.ts';

/** From the root of a site. */
const ADDRESS = '-/report';

/**
 * Sends it where it is other than the one before; looks at no file where nothing was published or brought since.
 *
 * @returns why it did not arrive, without a full stop; the next run sends it again
 * @throws {KhoError} as `surveySite`; LOCKED, WRITE
 */
export async function sendReport(
  config: SiteConfig,
  { url, into }: Pick<PullOrder, 'url' | 'into'>,
  head: SyncHead,
  { client, doer }: { client: HttpClient; doer: Doer },
): Promise<string | undefined> {
  const { followed } = readFollowed(config.root, into.name);
  if (followed === undefined) return undefined;
  const toldOf = sha256Of([followed.url, head, placesOf(config, into.name)]);
  if (toldOf === followed.toldOf) return undefined;
  const report = await edgeReport(config, into.name, head);
  const told = sha256Of([followed.url, report]);
  const remember = () =>
    holdSite(config, doer, () => {
      const { followed: now } = readFollowed(config.root, into.name); // another run may have gone on while the centre was asked
      if (now) rememberFollowed(config.root, { ...now, told, toldOf });
    });
  if (followed.told === told) {
    await remember();
    return undefined;
  }
  const root = new URL(url);
  if (!root.pathname.endsWith('/')) root.pathname += '/';
  try {
    const text = edgeReportText(report, new Date(doer.now).toISOString());
    const { status, text: answer } = await client.post(new URL(ADDRESS, root), text);
    if (status !== 200) return `it answers ${status}${detailOf(answer)}`;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return error.message;
  }
  await remember();
  return undefined;
}

/** Where files may be that a report tells of, as far as that can be known without a look at each: another publish, another text. */
function placesOf({ root, repositories }: SiteConfig, into: string): unknown[] {
  return [readGeneration(root), [...withIncluded(into, repositories)].sort(), wholeInPull(root).sort()];
}

function sha256Of(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Of RFC 9457. Whoever answers may write it: it is shown as text. */
function detailOf(answer: string): string {
  try {
    const { detail } = JSON.parse(answer) as { detail?: unknown };
    return typeof detail === 'string' ? `: ${detail.slice(0, 300)}` : '';
  } catch {
    return '';
  }
}
