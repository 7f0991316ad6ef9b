import { join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import type { DriftList } from '../drift.ts';
import { look, readFile } from '../io/open-file.ts';
import { locate, splitRepository, type Target } from '../publish/target.ts';
import type { FileAudit } from './audit-file.ts';
import { BUILD } from './ways-out.ts';

/** What all checks share. */
export interface CheckContext {
  config: SiteConfig;
  target: Target;
  /** Of each listed package, by its path from the site's root. */
  audits: ReadonlyMap<string, FileAudit>;
  drifts: DriftList;
}

/** A published page, as the web server would read it; undefined, and reported, when it could not. @param path from the site's root */
export function readPage(path: string, context: CheckContext): string | undefined {
  return readPageBytes(path, context)?.toString('utf8');
}

/** The same as bytes. */
export function readPageBytes(path: string, { target, drifts }: CheckContext): Buffer | undefined {
  const full = locate(target, path);
  try {
    const stats = look(full);
    if (!stats?.isFile()) {
      drifts.add(path, 'is missing');
      return undefined;
    }
    if ((stats.mode & 0o004) === 0) {
      const hint = `chmod go+r '${full.replaceAll("'", "'\\''")}'`;
      drifts.add(path, 'can be read by its owner or group only: the web server may answer 403', hint);
    }
    return readFile(full);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    drifts.add(path, `cannot be read (${code ?? message})`, BUILD);
    return undefined;
  }
}

/** A published page of JSON; undefined, and reported, when it cannot be read as such. */
export function readJsonPage(path: string, context: CheckContext): unknown {
  const text = readPage(path, context);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    context.drifts.add(path, 'is not JSON');
    return undefined;
  }
}

/** Whether something is where a published link leads. @param path from the site's root; may be anything */
export function leadsSomewhere(path: string, { config, target }: CheckContext): boolean {
  const { repository } = splitRepository(path);
  const isKnown = config.repositories.some(({ name }) => name === repository);
  try {
    return look(isKnown ? locate(target, path) : join(target.root, path)) !== undefined;
  } catch {
    return true; // it may exist: that it cannot be looked at is reported elsewhere
  }
}
