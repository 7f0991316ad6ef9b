/** How commands come to their site: found, with root's powers laid down where they would do harm, and read. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { findSite } from '../config/find-site.ts';
import { loadSite } from '../config/load-config.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { sitePlaces } from '../config/site-places.ts';
import { othersMayWrite } from '../config/who-may-write.ts';
import { KhoError } from '../errors.ts';
import { actForOwner } from '../setup/act-for-owner.ts';
import { terminal } from './terminal.ts';
import { type Line, yellow } from './text.ts';

const SHOWN = 3;

/**
 * @param site as the user named it, if at all
 * @param access what the command does there. Where others may write to the site's root, root may read, and is warned.
 * @throws {KhoError} as `loadSite` does; SITE when root is to write where others decide what is there
 */
export async function openSite(
  site: string | undefined,
  access: 'reads' | 'writes',
): Promise<{ config: SiteConfig; notes: string[] }> {
  if (process.geteuid?.() !== 0) return loadSite(site);
  const found = await findSite(site);
  const notes = [...found.notes];
  try {
    const note = actForOwner(found.root);
    if (note !== undefined) notes.push(note);
  } catch (error) {
    if (access === 'writes' || !(error instanceof KhoError)) throw error;
  }
  const loaded = await loadSite(found.root);
  if (process.geteuid() === 0) terminal.say(rootWarning(loaded.config));
  return { config: loaded.config, notes: [...notes, ...loaded.notes] };
}

/** Said at each run, whatever else is to be kept quiet: whoever may write there may try to lead root elsewhere. */
function rootWarning(config: SiteConfig): Line[] {
  const { root, repositories } = config;
  const shared = [
    ...sitePlaces(config).map(({ path }) => path),
    join(root, 'incoming'),
    ...repositories.flatMap(({ packages }) => packages ?? []),
  ].filter((path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat !== undefined && othersMayWrite(stat);
  });
  if (shared.length === 0) return [];
  const names = shared.slice(0, SHOWN).map((path) => `"${path}"`);
  const more = shared.length > SHOWN ? ` and ${shared.length - SHOWN} more` : '';
  return [
    ['kho: ', yellow('WARNING'), `: running as root over folders that others may write: ${names.join(', ')}${more}`],
    '  hint: let the site belong to a user of its own, for whom kho then acts: docs/uploading.md#who-may-write-what',
  ];
}
