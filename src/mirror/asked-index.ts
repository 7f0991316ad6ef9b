/** The other index that a repository is kept in step with: what of it may come in. */
import { Admission } from '../admission/admission.ts';
import { advisoriesNow } from '../admission/advisories-now.ts';
import { withoutMalware } from '../admission/without-malware.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { isAskedFor } from '../config/upstream-settings.ts';
import { askOnly, type GuardedSource } from '../fetch/ask-only.ts';
import type { HttpClient } from '../fetch/http-client.ts';
import type { UpstreamCandidate } from '../fetch/read-index-page.ts';
import { findUpstream, shownAddress } from '../fetch/upstream-address.ts';
import { upstreamSource } from '../fetch/upstream-source.ts';
import type { NameBook } from '../names/name-book.ts';
import type { PackageSource } from '../needs/package-source.ts';
import { judgeUpstream } from '../policy/judge-upstream.ts';
import type { UpstreamRefusal } from '../policy/policy.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { UpstreamFile } from '../upstream-model.ts';
import { rememberedPages } from './remembered-pages.ts';

export interface AskedIndex {
  source: GuardedSource;
  /** Its address, without name and password. */
  shown: string;
  /** Who says so, in words. */
  by: string;
  /** Of what it lists, and was asked for, what may not come in, by name of file. */
  refused: ReadonlyMap<string, UpstreamRefusal>;
  /** Write down what has to be known the next time: since when files without a time of their own are seen. @throws {KhoError} LOCKED, SITE, WRITE */
  keep(): Promise<void>;
}

/**
 * By the rules of kho.toml: names that are the site's own are not asked for, nor what the upstream is not for; and of what it lists only that is
 * seen which is old enough, allowed, and not known for malware.
 *
 * @param from its name in kho.toml; absent: what this machine's own pip and uv would ask, without such rules, but for known malware
 * @param now milliseconds since 1970
 * @throws {KhoError} UPSTREAM, USAGE; CONFIG, READ for lists that cannot be read
 */
export async function openIndex(
  from: string | undefined,
  config: SiteConfig,
  client: HttpClient,
  names: NameBook,
  { now, dryRun }: { now: number; dryRun: boolean },
): Promise<AskedIndex> {
  const settings = from === undefined ? undefined : config.upstreams.get(from);
  const { url, by } = findUpstream(undefined, settings === undefined ? config.upstream : settings.url);
  const shown = shownAddress(url);
  const memory = rememberedPages(config.root, url, !dryRun);
  const source = upstreamSource(url, client, memory);
  const about = settings === undefined ? by : `upstream "${settings.name}"`;
  if (settings === undefined) {
    const known = await advisoriesNow(config, client);
    return {
      source: askOnly(withoutMalware(source, known?.book), names),
      shown,
      by: about,
      refused: new Map(),
      keep: async () => memory.sweep(),
    };
  }
  const refused = new Map<string, UpstreamRefusal>();
  const admission = await Admission.open(config, { client });
  await admission.refresh();
  const { name: upstream } = settings;
  const judged = async (name: NormalizedName): Promise<readonly UpstreamCandidate[]> => {
    if (!isAskedFor(settings, name)) return [];
    const files = await source.candidates(name);
    const page = { upstream, index: shown, project: name, files: files.map(asListed) };
    const judgement = judgeUpstream(page, admission.policyFor(upstream, name), now);
    if (!dryRun) admission.note(page, judgement, now);
    for (const { file, why } of judgement.refused) refused.set(file.filename, why);
    return files.filter(({ filename }) => !refused.has(filename));
  };
  const pages = new Map<NormalizedName, Promise<readonly UpstreamCandidate[]>>(); // each is looked at again and again
  const admitted: PackageSource<UpstreamCandidate> = {
    candidates(name) {
      const page = pages.get(name) ?? judged(name);
      pages.set(name, page);
      return page;
    },
    metadata: (file) => source.metadata(file),
  };
  const keep = async () => {
    memory.sweep();
    await admission.keep();
  };
  return { source: askOnly(admitted, names), shown, by: about, refused, keep };
}

function asListed({ filename, url, sha256, version, uploaded }: UpstreamCandidate): UpstreamFile {
  return {
    ...{ filename, url: shownAddress(url), version },
    ...(sha256 !== undefined && { sha256 }),
    ...(uploaded !== undefined && { uploadTime: uploaded }),
  };
}
