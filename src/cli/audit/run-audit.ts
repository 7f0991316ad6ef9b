/** `kho audit`: what is known of the files of a site, or of what a lock file pins. */
import { Admission } from '../../admission/admission.ts';
import type { AdvisoryBook } from '../../advisories/advisory-book.ts';
import { isAtLeast, type KnownHole } from '../../advisories/known-holes.ts';
import { isAddress, readAdvisories } from '../../advisories/read-advisories.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
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
async function openBook(
  config: SiteConfig,
  isOffline: boolean,
): Promise<{ book: AdvisoryBook; notes: readonly string[] }> {
  const { root, advisories } = config;
  if (!advisories) {
    throw new KhoError('USAGE', 'Cannot audit: kho.toml names no advisories', {
      hint: 'write [advisories] and from = "osv-pypi.zip" into it, a file in OSV\'s export format, or its address',
    });
  }
  const notes: string[] = [];
  if (isAddress(advisories.from) && !isOffline) {
    const { HttpClient } = await import('../../fetch/http-client.ts');
    const client = new HttpClient();
    try {
      const admission = await Admission.open({ ...config, upstreams: new Map() }, client);
      await admission.refresh();
      notes.push(...admission.notes);
    } finally {
      await client.close();
    }
  }
  const book = await readAdvisories(root, advisories.from);
  if (book) return { book, notes };
  throw new KhoError('READ', `Cannot audit: nothing was ever brought from "${advisories.from}"`, {
    hint: notes[0] ?? 'leave out --offline',
  });
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
