/** For commands: what is kept and may not come in any more goes, once for each state of the rules. A site that is served sees to it itself. */
import { join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { readKeptLines, writeKeptLines } from '../io/kept-lines.ts';
import { look } from '../io/open-file.ts';
import { closeFolders } from '../io/reach.ts';
import { upstreamFolder } from '../kept-upstream/kept-places.ts';
import { makeStateFolder, stateFolder } from '../publish/state-folder.ts';
import { Admission } from './admission.ts';
import { removeAllRefused } from './remove-refused.ts';

/**
 * @param isAnew also where the rules are as they were: somebody may have put files there
 * @returns what is to be told, one line each, no full stop
 */
export async function sweepRefused(config: SiteConfig, isAnew = false): Promise<string[]> {
  const { root, upstreams } = config;
  if (upstreams.size === 0 || !look(upstreamFolder(root))) return [];
  closeFolders(upstreamFolder(root));
  try {
    const admission = await Admission.open(config);
    const rules = admission.generation;
    if (!isAnew && readSwept(root) === rules) return [];
    const gone = await removeAllRefused(config, admission, Date.now());
    makeStateFolder(root);
    writeKeptLines(sweptPath(root), [rules]);
    return gone === 0
      ? []
      : [`of what is kept of other indexes, ${gone} files may not come in any more, and are removed`];
  } catch (error) {
    if (!(error instanceof KhoError)) throw error;
    return [`cannot look through what is kept of other indexes: ${error.message}`];
  }
}

function sweptPath(root: string): string {
  return join(stateFolder(root), 'refused-swept');
}

function readSwept(root: string): string | undefined {
  try {
    return readKeptLines(sweptPath(root)).lines[0];
  } catch {
    return undefined; // never
  }
}
