/** What a site that follows this one has of it, as it tells over HTTP: kept in `edges/` under the name of its token, where prune and others look. */
import { dirname, join } from 'node:path';
import { type Token, whyNot } from '../access/token.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { makeFolder } from '../io/disk.ts';
import { writeFileAtomic } from '../io/write-file-atomic.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { readKeptHeads } from '../sync/kept-heads.ts';
import { edgeFile, edgeReportText, readEdgeReport } from '../sync-format/edge-report.ts';
import { REPORT, type ReportOrder } from './change-order.ts';
import type { ChangeOutcome } from './change-outcome.ts';
import { Forbidden } from './warrant.ts';

/** Before its body is read. Why not, without a full stop; undefined where it may for some repository. */
export function mayNotReport(token: Token): string | undefined {
  return token.rights.includes(REPORT) ? undefined : whyNot(token, REPORT, '.');
}

/** @throws {Forbidden}; {KhoError} WRITE, SITE, READ */
export function keepReport(config: SiteConfig, { text, token }: ReportOrder, nowMs: number): ChangeOutcome {
  const report = readEdgeReport(text);
  if (!report) return refused(400, 'It is not what kho pull --report prints');
  const { repository } = report;
  const why = whyNot(token, REPORT, repository);
  if (why !== undefined) throw new Forbidden(why);
  const isFollowed = config.repositories.some(({ name, sync }) => name === repository && sync !== undefined);
  if (!isFollowed || readKeptHeads(config.root).site !== report.site)
    return refused(409, 'It tells of a repository that nobody can follow here, or of another site');
  const file = edgeFile(token.name, repository);
  // Written anew, not as it came: nothing else than what is understood is kept.
  const kept = edgeReportText(report, new Date(nowMs).toISOString(), token.name);
  const { edgeReportBytes: most } = TEXT_LIMITS;
  // With the spaces that it has then it may be longer than it came; whoever reads it later would stop.
  if (Buffer.byteLength(kept) > most) return refused(413, `It would be longer than ${most} bytes`);
  makeFolder(dirname(join(config.root, file)));
  writeFileAtomic(join(config.root, file), kept);
  return { is: 'done', files: [{ file }], places: [], notes: [] };
}

function refused(status: number, text: string): ChangeOutcome {
  return { is: 'refused', status, text, hint: 'kho pull tells it, to the site that it follows' };
}
