/**
 * What other indexes have and clients of this site do not get, project by project. A page of another index is read and judged again only
 * where something that it was judged by has changed: some have thousands of files.
 */
import { join } from 'node:path';
import type { Admission } from '../admission/admission.ts';
import type { KeptOffer } from '../admission/kept-offer.ts';
import type { RepositoryConfig, SiteConfig, UpstreamSettings } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { readKeptLines, writeKeptLines } from '../io/kept-lines.ts';
import { readPageStamp } from '../io/page-stamp.ts';
import { keptFilesOrNone } from '../kept-upstream/kept-packages.ts';
import { keptPageNames, keptPagePath } from '../kept-upstream/kept-page.ts';
import { groupLeftOut, type LeftOutGroup } from '../policy/left-out.ts';
import { isStateTrusted, makeStateFolder, stateFolder } from '../publish/state-folder.ts';
import { fingerprint } from '../render/fingerprint.ts';
import { fileIdentity } from '../standards/file-identity.ts';
import type { NormalizedName } from '../standards/name.ts';
import { compareVersions, isPrerelease } from '../standards/version.ts';
import { versionOfFile } from '../standards/version-of-file.ts';
import type { UpstreamFile } from '../upstream-model.ts';

/** Raised whenever what is remembered would come out otherwise, or means something else. */
const FORMAT = 1;

/** Of one upstream. */
export interface JudgedPage {
  leftOut: LeftOutGroup[];
  /** The highest version that comes in, and that installers take unasked: final, and not yanked. */
  newest?: string;
  /** Files that come in, and that some repository has a file in the place of: see `fileIdentity`. */
  twins: { identity: string; filename: string; version?: string; sha256?: string }[];
}

interface Remembered {
  /** Stands for what it was judged by. */
  inputs: string;
  /** Milliseconds since 1970. */
  judgedMs: number;
  /** When it may come out otherwise because time has passed. */
  changesAtMs?: number;
  page: JudgedPage;
}

export interface LeftOutOptions {
  /** Milliseconds since 1970. */
  nowMs: number;
  /** Whether the site has a project of that name. */
  has: (name: string) => boolean;
  /** Of the published site, where what was judged is remembered; judged anew without it. */
  memory?: string;
}

/** What judges, brought in only where there is something to be judged: it reads lists and lock files. */
interface KeptJudge extends Pick<typeof import('../admission/kept-offer.ts'), 'keptOffer' | 'keptUpstreamOf'> {
  admission: Admission;
}

export class LeftOutPages {
  readonly #config: SiteConfig;
  readonly #options: LeftOutOptions;
  /** By upstream: names of projects of which a page is kept, and that the site has. */
  readonly #names: ReadonlyMap<string, ReadonlySet<string>>;
  /** Absent where there are none. */
  readonly #judge: KeptJudge | undefined;
  readonly #before: ReadonlyMap<string, Remembered>;
  readonly #now = new Map<string, Remembered>();

  private constructor(
    config: SiteConfig,
    options: LeftOutOptions,
    names: ReadonlyMap<string, ReadonlySet<string>>,
    judge: KeptJudge | undefined,
  ) {
    this.#config = config;
    this.#options = options;
    this.#names = names;
    this.#judge = judge;
    this.#before = options.memory === undefined ? new Map() : remembered(options.memory);
  }

  /** Undefined where no repository passes on other indexes, or what rules name cannot be read: then nothing is told. */
  static async open(config: SiteConfig, options: LeftOutOptions): Promise<LeftOutPages | undefined> {
    const passedOn = new Set(config.repositories.flatMap(({ upstreams }) => upstreams ?? []));
    if (passedOn.size === 0) return undefined;
    const names = new Map(
      [...passedOn].map((name) => [name, new Set(keptPageNames(config.root, name).filter(options.has))] as const),
    );
    try {
      const isNeeded = [...names.values()].some(({ size }) => size > 0);
      return new LeftOutPages(config, options, names, isNeeded ? await openKeptJudge(config) : undefined);
    } catch (error) {
      if (error instanceof KhoError) return undefined;
      throw error;
    }
  }

  /** The upstream that a repository passes on of a project, where a page of it is kept. */
  upstreamOf(repository: RepositoryConfig, project: NormalizedName): UpstreamSettings | undefined {
    const isKept = repository.upstreams?.some((upstream) => this.#names.get(upstream)?.has(project));
    return isKept ? this.#judge?.keptUpstreamOf(this.#config, repository, project).kept : undefined;
  }

  /**
   * @param own names of all files of it that the site has
   * @returns undefined where no page is kept, or nobody can judge it
   */
  judged(upstream: UpstreamSettings, project: NormalizedName, own: readonly string[]): JudgedPage | undefined {
    const judge = this.#judge;
    if (!judge) return undefined;
    const key = `${upstream.name}/${project}`;
    const { nowMs } = this.#options;
    const inputs = this.#inputsOf(judge, upstream, project, own);
    const before = this.#now.get(key) ?? this.#before.get(key);
    const isSame = before?.inputs === inputs && before.judgedMs <= nowMs && nowMs < (before.changesAtMs ?? Infinity);
    const judged = isSame ? before : this.#judgeNow(judge, upstream, project, own, inputs);
    if (judged) this.#now.set(key, judged);
    return judged?.page;
  }

  /** Remember all that was asked for. @throws {KhoError} WRITE */
  keep(): void {
    const { memory } = this.#options;
    const isSame =
      this.#now.size === this.#before.size && [...this.#now].every(([key, it]) => this.#before.get(key) === it);
    if (memory === undefined || isSame) return;
    makeStateFolder(memory);
    const lines = [...this.#now].map(([key, judged]) => JSON.stringify([FORMAT, key, judged]));
    writeKeptLines(memoryPath(memory), lines);
  }

  #judgeNow(
    judge: KeptJudge,
    upstream: UpstreamSettings,
    project: NormalizedName,
    own: readonly string[],
    inputs: string,
  ): Remembered | undefined {
    const { nowMs } = this.#options;
    try {
      const offer = judge.keptOffer(this.#config.root, upstream, project, judge.admission, nowMs);
      if (!offer) return undefined;
      const { changesAtMs } = offer;
      const newest = newestOf(offer);
      const page: JudgedPage = {
        ...{ leftOut: groupLeftOut(offer.leftOut), twins: twinsOf(offer.listed, own, project) },
        ...(newest !== undefined && { newest }),
      };
      return { inputs, judgedMs: nowMs, ...(changesAtMs !== undefined && { changesAtMs }), page };
    } catch (error) {
      if (error instanceof KhoError) return undefined; // nobody can tell what is malware
      throw error;
    }
  }

  #inputsOf(
    { admission }: KeptJudge,
    upstream: UpstreamSettings,
    project: NormalizedName,
    own: readonly string[],
  ): string {
    const { root } = this.#config;
    const place = { upstream: upstream.name, project };
    return fingerprint([
      ...[upstream.gone, readPageStamp(keptPagePath(root, place)), admission.generation, own],
      ...[keptFilesOrNone(root, place), admission.timesKnown(place)],
    ]);
  }
}

/** @throws {KhoError} CONFIG, READ */
async function openKeptJudge(config: SiteConfig): Promise<KeptJudge> {
  const { Admission } = await import('../admission/admission.ts');
  const { keptOffer, keptUpstreamOf } = await import('../admission/kept-offer.ts');
  return { admission: await Admission.open(config, { isReader: true }), keptOffer, keptUpstreamOf };
}

function newestOf({ listed, goneMs }: KeptOffer): string | undefined {
  if (goneMs !== undefined) return undefined;
  const versions = new Set(listed.flatMap(({ version, yanked }) => (yanked === undefined && version) || []));
  const finals = [...versions].filter((version) => !isPrerelease(version));
  return finals.reduce<string | undefined>(
    (newest, version) => (newest === undefined || compareVersions(version, newest) > 0 ? version : newest),
    undefined,
  );
}

function twinsOf(listed: readonly UpstreamFile[], own: readonly string[], project: NormalizedName) {
  const identities = new Set(own.map((filename) => identityOf(filename, project)));
  if (identities.size === 0) return [];
  return listed.flatMap(({ filename, version, sha256 }): JudgedPage['twins'] => {
    const identity = identityOf(filename, project, version);
    if (!identities.has(identity)) return [];
    return [
      { ...{ identity, filename }, ...(version !== undefined && { version }), ...(sha256 !== undefined && { sha256 }) },
    ];
  });
}

function identityOf(filename: string, project: NormalizedName, version = versionOfFile(filename, project)): string {
  return fileIdentity(filename, version ?? '');
}

function memoryPath(root: string): string {
  return join(stateFolder(root), 'left-out');
}

function remembered(root: string): Map<string, Remembered> {
  if (!isStateTrusted(root)) return new Map();
  try {
    const lines = readKeptLines(memoryPath(root)).lines.map((line) => JSON.parse(line));
    return new Map(lines.flatMap(([format, key, judged]) => (format === FORMAT ? [[key, judged]] : [])));
  } catch {
    return new Map(); // none, or none that can be read
  }
}
