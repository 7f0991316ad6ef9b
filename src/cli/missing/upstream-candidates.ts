/** What a repository lists of other indexes, as far as their pages are kept here, and what is left out of it. */
import { Admission } from '../../admission/admission.ts';
import type { Candidate } from '../../catalog/candidate.ts';
import type { RepositoryConfig, SiteConfig } from '../../config/site-config.ts';
import { isAskedFor } from '../../config/upstream-settings.ts';
import { KhoError } from '../../errors.ts';
import { readKeptPage } from '../../kept-upstream/kept-page.ts';
import type { NameOrigin } from '../../names/judge-name.ts';
import { refusalWords } from '../../policy/policy.ts';
import type { NormalizedName } from '../../standards/name.ts';
import { parseWheelFilename } from '../../standards/wheel-filename.ts';
import type { UpstreamFile } from '../../upstream-model.ts';

export interface UpstreamCandidates {
  /** The upstream that has it; absent where none is known to. */
  upstream?: string;
  files: Candidate[];
  refused: { filename: string; why: string }[];
  /** What is not known, or why nobody is asked: one line, no full stop. */
  note?: string;
}

/** Pages of upstreams that are kept; nobody is asked. */
export class KeptUpstreams {
  readonly #config: SiteConfig;
  #admission: Promise<Admission> | undefined;

  constructor(config: SiteConfig) {
    this.#config = config;
  }

  /** @param nowMs milliseconds since 1970 */
  async candidates(
    repository: RepositoryConfig,
    project: NormalizedName,
    origin: NameOrigin,
    nowMs: number,
  ): Promise<UpstreamCandidates> {
    const nothing: UpstreamCandidates = { files: [], refused: [] };
    if (repository.upstreams === undefined) return nothing;
    if (origin.is === 'own') return { ...nothing, note: `${project} is your own: no other index is asked for it` };
    const { root, upstreams } = this.#config;
    const asked = repository.upstreams.filter((name) => isAskedFor(upstreams.get(name) ?? {}, project));
    for (const upstream of asked) {
      const kept = readKeptPage(root, { upstream, project });
      if (!kept) continue;
      try {
        this.#admission ??= Admission.open(this.#config, { isReader: true });
        const { listed, refused } = (await this.#admission).look(kept.page, nowMs);
        return {
          ...{ upstream, files: listed.flatMap(toCandidate) },
          refused: refused.map(({ file, why }) => ({ filename: file.filename, why: refusalWords(why) })),
        };
      } catch (error) {
        if (!(error instanceof KhoError)) throw error;
        return { ...nothing, upstream, note: `nothing of ${upstream} is listed: ${error.message}` };
      }
    }
    if (asked.length === 0) return { ...nothing, note: `no upstream of "${repository.name}" is asked for ${project}` };
    return {
      ...nothing,
      note: `no page of ${asked.join(', ')} is kept: what is there is known once a client has asked for it`,
    };
  }
}

function toCandidate({ filename, version, sha256, size, requiresPython, yanked }: UpstreamFile): Candidate[] {
  if (version === undefined) return [];
  return [
    {
      ...{ filename, version, isYanked: yanked !== undefined },
      ...(filename.endsWith('.whl') && { wheel: parseWheelFilename(filename) }),
      ...(sha256 !== undefined && { sha256 }),
      ...(size !== undefined && { size }),
      ...(requiresPython !== undefined && { requiresPython }),
    },
  ];
}
