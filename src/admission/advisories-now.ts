/** Advisories for a command that runs once: an address is asked first, and what was read before counts where it cannot be. */
import type { AdvisoryBook } from '../advisories/advisory-book.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import type { HttpClient } from '../fetch/http-client.ts';
import { Admission } from './admission.ts';

export interface AdvisoriesNow {
  book: AdvisoryBook;
  /** What could not be asked or read: one line each, no full stop. */
  notes: readonly string[];
}

/**
 * @param client without it no address is asked
 * @returns undefined where kho.toml names none
 * @throws {KhoError} READ where none can be had
 */
export async function advisoriesNow(config: SiteConfig, client?: HttpClient): Promise<AdvisoriesNow | undefined> {
  const { advisories } = config;
  if (!advisories) return undefined;
  const admission = await Admission.open({ ...config, upstreams: new Map() }, { client });
  if (client) await admission.refresh();
  const { book, notes } = admission;
  if (book) return { book, notes };
  throw new KhoError('READ', `Cannot tell what is known: nothing was ever read of "${advisories.from}"`, {
    hint: notes[0] ?? 'let kho ask that address once',
  });
}
