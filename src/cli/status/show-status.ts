import { DEFAULT_KEEP_FREE } from '../../config/site-config.ts';
import { oldConfigurations } from '../../deploy/config-forms.ts';
import { findingsOf } from '../../status/findings.ts';
import { readSiteStatus } from '../../status/site-status.ts';
import { openSite } from '../open-site.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';
import { findingLines, statusJson, statusLines } from './status-lines.ts';

/** @returns the exit code: what monitoring looks at. @throws {KhoError} where nobody can tell, which is 2 too */
export async function showStatus(site: string | undefined, { json }: { json?: true | undefined }): Promise<number> {
  const { config, notes } = await openSite(site, 'reads');
  const now = Date.now();
  const status = readSiteStatus(config, now);
  const findings = findingsOf(status, now, config.upload?.keepFree ?? DEFAULT_KEEP_FREE);
  const exitCode = findings.some(({ level }) => level === 'stuck') ? 2 : Number(findings.length > 0);
  if (json) terminal.stdout(printableJson(statusJson(status, findings, exitCode)));
  else {
    const old = oldConfigurations(config).filter(({ isOpen }) => isOpen);
    const open = old.map(({ what, hint }) => `${what}: ${hint}`);
    terminal.say([...notes, ...open].map((note) => `kho: ${note}`));
    terminal.print([...statusLines(status, now), ...findingLines(findings)]);
  }
  return exitCode;
}
