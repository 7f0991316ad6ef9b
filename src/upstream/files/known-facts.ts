import { judgeFile, type RepositoryRules, type Verdict } from '../../catalog/judge-file.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { keptPath, type UpstreamPlace } from '../../kept-upstream/kept-places.ts';
import { PROBLEM_HINTS } from '../../problems.ts';
import type { UpstreamFile } from '../../upstream-model.ts';
import type { UpstreamRecord, UpstreamRecords } from './upstream-records.ts';

/** What came wrong twice is not asked for again for so long, and for twice as long each further time. In milliseconds. */
const FIRST_WRONG_MS = 60_000;
const LONGEST_WRONG_MS = 3_600_000;

/** Of files of one project, by name: as data for another thread. */
export interface ProjectFacts {
  /** Of what came: the bytes, and the metadata that is served with them. */
  arrived: ReadonlyMap<string, { sha256: string; metadataSha256?: string; isHeld: boolean; isHere: boolean }>;
  /** Of what never came right: the bytes that its index names. */
  wrong: ReadonlyMap<string, string | undefined>;
  /** Wheels whose metadata cannot be had. */
  withoutMetadata: ReadonlySet<string>;
}

/** What is known of files of upstreams besides what their pages say, since they came, or could not come. */
export class KnownFacts {
  readonly records: UpstreamRecords;
  readonly #config: () => SiteConfig;
  readonly #now: () => number;
  /** By path: what came wrong, and until when it is not asked for again. */
  readonly #wrong = new Map<string, { sha256: string | undefined; untilMs: number; waitMs: number; what: string }>();
  /** Paths of wheels whose metadata cannot be had. */
  readonly #withoutMetadata = new Set<string>();

  constructor(records: UpstreamRecords, config: () => SiteConfig, now: () => number) {
    this.records = records;
    this.#config = config;
    this.#now = now;
  }

  /** Of the bytes that its index lists, and of no others. */
  recordOf(path: string, { sha256 }: UpstreamFile): UpstreamRecord | undefined {
    const record = this.records.get(path);
    return record !== undefined && (sha256 === undefined || record.sha256 === sha256) ? record : undefined;
  }

  /** Hexadecimal, of FILE.metadata as it would be sent now: what a page may promise. Undefined where it cannot be had, or only perhaps. */
  metadataOf(at: UpstreamPlace, file: UpstreamFile): string | undefined {
    const path = keptPath(at, file.filename);
    const record = this.recordOf(path, file);
    if (record?.metadataSha256 !== undefined) return record.metadataSha256;
    return this.#withoutMetadata.has(path) ? undefined : file.metadataSha256;
  }

  /** @param isThere whether it can be had after all */
  noteMetadata(path: string, isThere: boolean): void {
    if (isThere) this.#withoutMetadata.delete(path);
    else this.#withoutMetadata.add(path);
  }

  /** Hexadecimal, as its index says it, or as it turned out to be when it came. */
  sha256Of(at: UpstreamPlace, file: UpstreamFile): string | undefined {
    if (file.sha256 !== undefined) return file.sha256;
    const record = this.records.get(keptPath(at, file.filename));
    return record?.stamp === undefined ? undefined : record.sha256;
  }

  noteWrong(path: string, { sha256 }: UpstreamFile, what: string): void {
    const before = this.#wrong.get(path);
    const waitMs = before && before.sha256 === sha256 ? Math.min(LONGEST_WRONG_MS, 2 * before.waitMs) : FIRST_WRONG_MS;
    this.#wrong.set(path, { ...{ sha256, what }, waitMs, untilMs: this.#now() + waitMs });
  }

  /** Why it is not asked for now, in words that follow its name. */
  wrongOf(path: string, { sha256 }: UpstreamFile): string | undefined {
    const wrong = this.#wrong.get(path);
    return wrong !== undefined && wrong.sha256 === sha256 && wrong.untilMs > this.#now() ? wrong.what : undefined;
  }

  /** Why a file is not listed in a repository: it came, and is not what its name or its index says. Undefined for all others. */
  heldIn(
    at: UpstreamPlace,
    file: UpstreamFile,
    repository: RepositoryRules,
    all: readonly RepositoryRules[],
  ): Verdict | undefined {
    const path = keptPath(at, file.filename);
    const wrong = this.wrongOf(path, file);
    if (wrong !== undefined) return { code: 'not-readable', what: wrong, hint: 'tell those who run that index' };
    const record = this.recordOf(path, file);
    if (record?.lie) {
      const code = record.lie.code as Verdict['code'];
      return { code, what: record.lie.what, hint: PROBLEM_HINTS[code] };
    }
    if (record?.binaries === undefined) return undefined;
    const verdict = judgeFile({ filename: file.filename, binaries: record.binaries }, repository, all);
    return verdict?.code === 'lying-tag' ? verdict : undefined;
  }

  /** What a page of a repository has to go by. */
  ofProject(at: UpstreamPlace, repository: RepositoryRules, all: readonly RepositoryRules[]): ProjectFacts {
    const folder = keptPath(at, '');
    const inFolder = (path: string) => path.startsWith(folder);
    const nameOf = (path: string) => path.slice(folder.length);
    const arrived = [...this.records.all()].flatMap((record) => {
      if (!inFolder(record.path)) return [];
      const { path, sha256, metadataSha256, stamp } = record;
      const isHeld = this.heldIn(at, { filename: nameOf(path), url: '', sha256 }, repository, all) !== undefined;
      const fact = {
        sha256,
        isHeld,
        isHere: stamp !== undefined,
        ...(metadataSha256 !== undefined && { metadataSha256 }),
      };
      return [[nameOf(path), fact] as const];
    });
    const wrong = [...this.#wrong].filter(([path, { untilMs }]) => inFolder(path) && untilMs > this.#now());
    return {
      arrived: new Map(arrived),
      wrong: new Map(wrong.map(([path, { sha256 }]) => [nameOf(path), sha256])),
      withoutMetadata: new Set([...this.#withoutMetadata].filter(inFolder).map(nameOf)),
    };
  }

  /** Why it is held in repositories that have this upstream, each reason once; and whether in all of them. */
  held(at: UpstreamPlace, file: UpstreamFile): { verdicts: Verdict[]; everywhere: boolean } {
    const { repositories } = this.#config();
    const using = repositories.filter(({ upstreams }) => upstreams?.includes(at.upstream));
    const found = using.flatMap((each) => this.heldIn(at, file, each, repositories) ?? []);
    const verdicts = [...new Map(found.map((each) => [`${each.code} ${each.what}`, each])).values()];
    return { verdicts, everywhere: using.length > 0 && found.length === using.length };
  }

  /** Whether it came, and no repository may list it. */
  isRefused(at: UpstreamPlace, file: UpstreamFile): boolean {
    const record = this.recordOf(keptPath(at, file.filename), file);
    return record?.lie !== undefined || (record?.binaries !== undefined && this.held(at, file).everywhere);
  }
}
