/** What a repository lists of other indexes, as far as their pages are kept here, and what is left out of it. */
import { Admission } from '../../admission/admission.ts';
import { type KeptOffer, keptOffer, keptUpstreamOf } from '../../admission/kept-offer.ts';
import type { Candidate } from '../../catalog/candidate.ts';
import type { RepositoryConfig, SiteConfig, UpstreamSettings } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import type { NameOrigin } from '../../names/judge-name.ts';
import { leftOutWords } from '../../policy/left-out.ts';
import { fileIdentity } from '../../standards/file-identity.ts';
import type { NormalizedName } from '../../standards/name.ts';
import { parseWheelFilename } from '../../standards/wheel-filename.ts';
import { KnownFacts } from '../../upstream/files/known-facts.ts';
import { UpstreamRecords } from '../../upstream/files/upstream-records.ts';
import type { UpstreamFile } from '../../upstream-model.ts';

export interface UpstreamCandidates {
  /** The upstream that has it; absent where none is known to. */
  upstream?: string;
  files: Candidate[];
  refused: { filename: string; why: string }[];
  /** No page of it is kept: what machines would get is not known here. */
  isUnasked?: true;
  /** What is not known, or why nobody is asked: one line, no full stop. */
  note?: string;
}

const NOTHING: UpstreamCandidates = { files: [], refused: [] };

/** Pages of upstreams that are kept; nobody is asked. */
export class KeptUpstreams {
  readonly #config: SiteConfig;
  readonly #facts: KnownFacts;
  #admission: Promise<Admission> | undefined;

  constructor(config: SiteConfig) {
    this.#config = config;
    this.#facts = new KnownFacts(new UpstreamRecords(config.root), () => config, Date.now);
  }

  /**
   * @param own what the repository has itself: that is listed in the place of a file of its name
   * @param nowMs milliseconds since 1970
   */
  async candidates(
    repository: RepositoryConfig,
    project: NormalizedName,
    { origin, own }: { origin: NameOrigin; own: readonly Candidate[] },
    nowMs: number,
  ): Promise<UpstreamCandidates> {
    if (repository.upstreams === undefined) return NOTHING;
    if (origin.is === 'own') return { ...NOTHING, note: ownNote(project, origin.by === 'files') };
    const { asked, kept } = keptUpstreamOf(this.#config, repository, project);
    if (asked.length === 0)
      return {
        ...NOTHING,
        note: `no upstream of "${repository.name}" is asked for ${project}: kho.toml keeps each to other names (projects)`,
      };
    if (!kept) return { ...NOTHING, isUnasked: true, note: unaskedNote(asked, project) };
    try {
      this.#admission ??= Admission.open(this.#config, { isReader: true });
      const offer = keptOffer(this.#config.root, kept, project, await this.#admission, nowMs);
      return offer ? this.#candidatesOf(offer, { upstream: kept.name, project }, repository, own) : NOTHING;
    } catch (error) {
      if (!(error instanceof KhoError)) throw error;
      return { ...NOTHING, upstream: kept.name, note: `nothing of ${kept.name} is listed: ${error.message}` };
    }
  }

  #candidatesOf(
    { listed, leftOut, goneMs }: KeptOffer,
    place: { upstream: string; project: NormalizedName },
    repository: RepositoryConfig,
    own: readonly Candidate[],
  ): UpstreamCandidates {
    const ours = new Map(own.map((file) => [fileIdentity(file.filename, file.version), file]));
    const refused = leftOut.map(({ file, why }) => ({ filename: file.filename, why: leftOutWords(why) }));
    const files: Candidate[] = [];
    for (const file of listed) {
      const { filename, version = '', sha256 } = file;
      const inItsPlace = ours.get(fileIdentity(filename, version));
      const held = this.#facts.heldIn(place, file, repository, this.#config.repositories);
      if (inItsPlace) {
        if (inItsPlace.sha256 !== sha256) refused.push({ filename, why: leftOutWords({ kind: 'clash' }) });
      } else if (held) refused.push({ filename, why: `is not what it seems: ${held.what}` });
      else files.push(...toCandidate(file, goneMs !== undefined));
    }
    return { upstream: place.upstream, files, refused };
  }
}

function ownNote(project: string, isUndecided: boolean): string {
  if (!isUndecided) return `${project} is your own: no other index is asked for it`;
  return `${project} counts as your own, since nobody has decided, so no other index is asked for it: "kho names shared ${project}" lets one be asked`;
}

function unaskedNote(asked: readonly UpstreamSettings[], project: string): string {
  const names = asked.map(({ name }) => name).join(', ');
  return `nothing of ${project} is known from ${names}: no machine has asked for it yet, or it is not there; "kho refresh ${project}" asks now`;
}

function toCandidate(
  { filename, version, sha256, size, requiresPython, yanked }: UpstreamFile,
  isGone: boolean,
): Candidate[] {
  if (version === undefined) return [];
  return [
    {
      ...{ filename, version, isYanked: isGone || yanked !== undefined },
      ...(filename.endsWith('.whl') && { wheel: parseWheelFilename(filename) }),
      ...(sha256 !== undefined && { sha256 }),
      ...(size !== undefined && { size }),
      ...(requiresPython !== undefined && { requiresPython }),
    },
  ];
}
