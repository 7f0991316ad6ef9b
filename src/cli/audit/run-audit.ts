/** `kho audit`: what is known of the files of a site, or of what a lock file pins. */
import { type AdvisoriesNow, advisoriesNow } from '../../admission/advisories-now.ts';
import { isAtLeast, type KnownHole } from '../../advisories/known-holes.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import type { HttpClient } from '../../fetch/http-client.ts';
import type { Level } from '../../standards/osv/severity.ts';
import { auditLines } from '../lines/audit-lines.ts';
import { openSite } from '../open-site.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';
import { type Audit, makeAudit } from './make-audit.ts';

interface AuditOptions {
  requirement?: string[];
  failOn?: Level | 'malware';
  offline: boolean;
  json?: true;
}

/** @returns the exit code. @throws {KhoError} */
export async function runAudit(site: string | undefined, options: AuditOptions): Promise<number> {
  const { config, notes } = await openSite(site, 'writes');
  const { book, notes: more } = await openBook(config, options.offline);
  const audit = await makeAudit(config, book, options.requirement);
  if (options.json) terminal.stdout(printableJson(toJson(audit, [...notes, ...more])));
  else {
    terminal.say([...notes, ...more].map((note) => `kho: ${note}`));
    terminal.print(auditLines(audit));
  }
  const { failOn } = options;
  const holes = audit.releases.flatMap((release) => release.holes);
  const isBad = (hole: KnownHole) => (failOn === 'malware' ? hole.isMalware : failOn && isAtLeast(hole, failOn));
  return holes.some(isBad) ? 1 : 0;
}

/** @throws {KhoError} USAGE, READ where there are none */
async function openBook(config: SiteConfig, isOffline: boolean): Promise<AdvisoriesNow> {
  const known = isOffline ? await advisoriesNow(config) : await withClient((client) => advisoriesNow(config, client));
  if (known) return known;
  throw new KhoError('USAGE', 'Cannot audit: kho.toml names no advisories', {
    hint: 'write [advisories] and from = "osv-pypi.zip" into it, a file in OSV\'s export format, or its address',
  });
}

async function withClient<T>(act: (client: HttpClient) => Promise<T>): Promise<T> {
  const { HttpClient } = await import('../../fetch/http-client.ts');
  const client = new HttpClient();
  try {
    return await act(client);
  } finally {
    await client.close();
  }
}

function toJson({ about, releases, looked, own, unpinned }: Audit, notes: readonly string[]) {
  const { from, advisories, unread, newest } = about;
  return {
    advisories: { from, advisories, unread, newest },
    ...{ looked, own, unpinned, notes },
    releases: releases.map(({ project, version, where, holes }) => ({
      ...{ project, version, where },
      holes: holes.map(({ isMalware, level, ...hole }) => ({
        ...hole,
        severity: isMalware ? 'malware' : (level ?? hole.severity),
      })),
    })),
  };
}
