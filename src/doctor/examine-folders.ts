/** Looks at the folders of a site on this machine: who may write what. docs/uploading.md#who-may-write-what says how it should be. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadSite } from '../config/load-config.ts';
import { tellOldLayout } from '../config/old-layout.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { oldConfigurations } from '../deploy/config-forms.ts';
import type { Examination } from './examine.ts';
import type { Finding } from './finding.ts';

/** As distributions call the users of web servers. */
const WEB_SERVERS = ['www-data', 'nginx', 'apache', 'caddy', 'http', 'www', 'wwwrun'];

/** @param site as the user named it. @throws {KhoError} as `loadSite` does */
export async function examineFolders(site: string): Promise<Examination> {
  const { config } = await loadSite(site);
  const [open] = tellOldLayout(config);
  const writers: Finding = open
    ? { check: 'writers', result: 'failed', what: `"${config.root}" ${open.what}`, hint: open.hint }
    : { check: 'writers', result: 'fine' };
  return {
    url: config.root,
    server: 'other',
    findings: [writers, webServerFinding(config), configurationsFinding(config)],
  };
}

function configurationsFinding(config: SiteConfig): Finding {
  const old = oldConfigurations(config);
  if (old.length === 0) return { check: 'configurations', result: 'fine' };
  const [what, hint] = [old.map((one) => one.what).join(', '), old.map((one) => one.hint).join('\n')];
  const result = old.some(({ isOpen }) => isOpen) ? 'failed' : 'note';
  return { check: 'configurations', result, what, hint };
}

function webServerFinding(config: SiteConfig, groups = readGroups()): Finding {
  const shared = [join(config.root, 'incoming'), ...config.repositories.flatMap(({ packages }) => packages ?? [])];
  for (const folder of shared) {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (!found || (found.mode & 0o020) === 0) continue;
    const group = groups.find(({ id }) => id === found.gid);
    const member = WEB_SERVERS.find((name) => group?.members.includes(name));
    if (member === undefined || !group) continue;
    const what = `${member} is in the group ${group.name}, which may write to "${folder}"`;
    return { check: 'web-server', result: 'failed', what, hint: `gpasswd --delete ${member} ${group.name}` };
  }
  return { check: 'web-server', result: 'fine' };
}

/** With those whose own group it is. Groups of a directory service are not seen. */
function readGroups(): { name: string; id: number; members: string[] }[] {
  const lines = (path: string) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
  const users = lines('/etc/passwd');
  return lines('/etc/group').map(([name = '', , id, members = '']) => ({
    name,
    id: Number(id),
    members: [...members.split(','), ...users.filter(([, , , group]) => group === id).map(([user = '']) => user)],
  }));
}
