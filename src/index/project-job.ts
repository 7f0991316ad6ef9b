import type { FileChange } from '../build-report.ts';
import { buildProject } from '../catalog/build-project.ts';
import { mayBeListed } from '../catalog/judge-file.ts';
import type { IndexedFile, Project } from '../catalog/model.ts';
import { resolveListing, sitePath } from '../catalog/resolve-listing.ts';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { type LearnedFile, LearnedFiles } from '../inspect/learned-files.ts';
import { PackageReader } from '../inspect/package-reader.ts';
import { FormatError, type Problem } from '../problems.ts';
import { indexBefore } from '../publish/index-before.ts';
import { leaveJsonApi } from '../publish/leave-json-api.ts';
import { makeAgainLater } from '../publish/make-again.ts';
import { type FileRecord, PROJECT_RECORDS, type ProjectRecord, type Published } from '../publish/manifest.ts';
import { type Move, nothingStaged, Stager } from '../publish/stage.ts';
import { folderTarget, fromRoot, inPlaceTarget, type Target } from '../publish/target.ts';
import { pypiJsonPages } from '../render/simple/pypi-json.ts';
import { simplePages } from '../render/simple/simple-pages.ts';
import type { FoundFile } from '../scan/found-file.ts';
import { type CoreMetadata, parseMetadata } from '../standards/metadata.ts';
import type { NormalizedName } from '../standards/name.ts';
import { placeCompanions } from './companions.ts';
import { describeFiles } from './describe-files.ts';
import { fileChanges } from './file-changes.ts';
import { holdTwins } from './hold-twins.ts';
import { judgeFiles } from './judge-files.ts';
import { KnownMalware } from './known-malware.ts';
import { type IndexPlace, recallUploads } from './recall-uploads.ts';
import { type ProjectShare, shareOf } from './site-summary.ts';

/** The unit of work: one project, in all repositories of the site. */
export interface ProjectJob {
  name: NormalizedName;
  /** Sorted by repository, then path. */
  files: FoundFile[];
  /** Its line in the manifest. */
  previous?: string;
  /** Of its files those that were read before they came to their places. */
  known?: readonly LearnedFile[];
}

export interface ProjectResult {
  name: NormalizedName;
  /** Its new line in the manifest, and what it adds to the lists; absent when it has no files any more. */
  line?: string;
  share?: ProjectShare;
  /** What has to be moved where readers find it. */
  moves: Move[];
  written: number;
  /** See `Staged`. */
  toFlush: string[];
  /** Published before, and no longer; from the site's root. */
  removals: string[];
  /** Files that turned out to be of another project. */
  strays: { file: FoundFile; project: NormalizedName }[];
  /** What happened in this run only. */
  events: Problem[];
  /** Of its files, where the settings ask for them. */
  changes: FileChange[];
}

/** What every job of a run has in common; plain data, so that threads can be told. */
export interface JobSettings {
  config: SiteConfig;
  /** With --out: the folder to publish to, and whether packages get there as hard links. */
  out?: { root: string; link: boolean };
  /** The name of the hidden folders to stage in. Absent when nothing is to be written: then only records are made. */
  stagingName?: string;
  /** Whether results tell what became of each file: somebody watches. */
  tellChanges?: boolean;
  /** See `DescribeOptions`. */
  whole?: readonly string[];
  judgesAnew?: boolean;
  /** See `leaveJsonApi`. */
  leavesJsonApi?: boolean;
  /** When the run began, milliseconds since 1970. */
  now: number;
}

interface ProjectContext {
  config: SiteConfig;
  /** Where packages are read from. */
  source: Target;
  target: Target;
  /** See `indexBefore`. */
  hasIndex(repository: string): boolean;
  /** With --out the site itself first: what it published has its time there too. */
  recalledFrom: readonly IndexPlace[];
  stager?: Stager;
  malware: KnownMalware;
  tellChanges: boolean;
  whole: ReadonlySet<string>;
  judgesAnew: boolean;
  leavesJsonApi: boolean;
  now: number;
}

function makeContext(settings: JobSettings): ProjectContext {
  const { config, out, stagingName, whole = [], now } = settings;
  const { tellChanges = false, judgesAnew = false, leavesJsonApi = false } = settings;
  const source = inPlaceTarget(config);
  const target = out ? folderTarget(out.root, out.link) : source;
  const hasIndex = indexBefore(target);
  const ofSite = out ? [{ target: source, hasIndex: indexBefore(source) }] : [];
  return {
    config,
    source,
    target,
    hasIndex,
    recalledFrom: [...ofSite, { target, hasIndex }],
    malware: new KnownMalware(config),
    tellChanges,
    whole: new Set(whole),
    judgesAnew,
    leavesJsonApi,
    now,
    ...(stagingName !== undefined && { stager: new Stager(target, stagingName, config.precompress) }),
  };
}

/** What a thread runs jobs with. @param packages what it reads of them is kept there for the pages that follow */
export function projectJobs(
  settings: JobSettings,
  packages = new PackageReader(),
): (job: ProjectJob) => Promise<ProjectResult> {
  const context = makeContext(settings);
  return (job) => runProjectJob(job, context, packages);
}

/** Inspect the files of one project, and stage its pages: everything that can be done without the lock. */
async function runProjectJob(
  job: ProjectJob,
  context: ProjectContext,
  packages: PackageReader,
): Promise<ProjectResult> {
  const { config, source, target, hasIndex, stager, malware, whole, judgesAnew, now } = context;
  const known = new LearnedFiles(job.known);
  const staged = nothingStaged();
  const previous = job.previous === undefined ? undefined : PROJECT_RECORDS.parse(job.previous);
  const described = await describeFiles(job.name, job.files, previous, {
    packagesOf: source.packagesOf,
    recall: recallUploads(context.recalledFrom, job.name),
    onInspected: (path, stamp, inspection) => packages.keep(path, stamp, inspection),
    known: ({ repository, path, stamp }) => known.find(sitePath({ repository, path }), stamp),
    ...{ whole, judgesAnew, now },
  });
  const files = malware.judge(holdTwins(judgeFiles(described.files, previous, config), previous), previous);
  const publishedBefore: Published = previous?.published ?? new Map();
  const found = new Map(job.files.map((file) => [sitePath(file), file]));
  const pairs = files.map((record) => ({ record, found: found.get(sitePath(record)) as FoundFile }));
  const companionNotes = stager
    ? await placeCompanions(
        pairs,
        { target, packagesOf: source.packagesOf, packages, hasIndex, publishedBefore },
        staged,
      )
    : [];

  const catalog = catalogProject(job.name, files, config);
  const record: ProjectRecord = {
    files,
    problems: catalog.problems,
    notes: [...catalog.notes, ...companionNotes],
    shown: {},
    published: staged.published,
  };
  const places = new Map(files.map((file, place) => [sitePath(file), place]));
  for (const [repository, project] of catalog.projects) {
    const listed = project.releases.flatMap((release) =>
      release.files.map((file) => places.get(sitePath(file)) as number),
    );
    record.shown[repository] = {
      displayName: project.displayName,
      ...(project.latest && { latest: project.latest.version }),
      ...(project.status === 'quarantined' && { unlisted: true }),
      files: listed,
    };
    if (!stager) continue;
    const renderContext = { repository, ...(config.url !== undefined && { siteUrl: config.url }) };
    const readMetadata = (file: IndexedFile) => {
      const { stamp } = found.get(sitePath(file)) as FoundFile;
      return metadataOrFacts(packages.metadata(`${source.packagesOf(file.repository)}/${file.path}`, stamp), file);
    };
    const { written } = staged;
    await stager.stage(repository, simplePages(project, renderContext), publishedBefore, staged);
    if (context.leavesJsonApi)
      leaveJsonApi(fromRoot(repository, `pypi/${job.name}`), publishedBefore, staged, staged.written > written);
    else await stager.stage(repository, pypiJsonPages(project, renderContext, readMetadata), publishedBefore, staged);
  }
  if (files.some(({ unseen }) => unseen)) makeAgainLater(staged.published, publishedBefore);
  const { moves, written, toFlush } = staged;
  return {
    ...{ name: job.name, moves, written, toFlush, strays: described.strays, events: described.notes },
    ...(record.files.length > 0 && {
      line: PROJECT_RECORDS.serialize(record),
      share: shareOf(job.name, record, source),
    }),
    removals: [...publishedBefore.keys()].filter((path) => !record.published.has(path)),
    changes: context.tellChanges ? fileChanges(previous?.files ?? [], record.files) : [],
  };
}

/** For a page: where the file changes at this very moment, what its facts tell; the next run makes the page anew. */
async function metadataOrFacts(
  reading: Promise<{ metadata: CoreMetadata }>,
  { name, version }: IndexedFile,
): Promise<CoreMetadata> {
  try {
    return (await reading).metadata;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return parseMetadata(Buffer.from(`Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`));
  }
}

/** The project as each repository lists it; repositories that list nothing of it are left out. */
export function catalogProject(name: NormalizedName, files: readonly FileRecord[], config: SiteConfig) {
  const own = new Map<string, IndexedFile[]>();
  for (const record of files) {
    const file = toIndexedFile(record, config.url);
    if (!file) continue;
    const ofRepository = own.get(record.repository);
    if (ofRepository) ofRepository.push(file);
    else own.set(record.repository, [file]);
  }
  const include = new Map(config.repositories.map((repository) => [repository.name, repository.include]));
  const rules = new Map(config.repositories.map((repository) => [repository.name, repository]));
  const takesFile = (repository: string, file: IndexedFile) =>
    mayBeListed(file, rules.get(repository) as RepositoryConfig);
  const listing = resolveListing([...include.keys()], { own, include, takes: takesFile });
  const projects = new Map<string, Project>();
  for (const repository of config.repositories) {
    const listed = listing.listed.get(repository.name) ?? [];
    if (listed.length > 0) {
      projects.set(repository.name, buildProject(name, listed, repository.projects.get(name)));
    }
  }
  return { projects, problems: listing.problems, notes: listing.notes };
}

function toIndexedFile(record: FileRecord, siteUrl: string | undefined): IndexedFile | undefined {
  const { facts, repository, path, uploadedMs, yanked } = record;
  if (!facts || record.problem) return undefined;
  const passedOver = facts.doubts?.find(({ code }) => code === 'passed-over')?.what;
  return {
    filename: path.slice(path.lastIndexOf('/') + 1),
    kind: facts.kind,
    repository,
    path,
    name: facts.name,
    version: facts.version,
    sha256: facts.sha256,
    size: facts.size,
    uploadedMs: uploadedMs as number,
    ...(facts.requiresPython !== undefined && { requiresPython: facts.requiresPython }),
    ...(record.metadataPublished && facts.metadataSha256 !== undefined && { metadataSha256: facts.metadataSha256 }),
    ...(passedOver !== undefined && { passedOver }),
    ...(facts.binaries && { binaries: facts.binaries }),
    signed: record.signed === true,
    ...(yanked !== undefined && { yanked }),
    provenance: record.provenance === true && siteUrl?.startsWith('https:') === true,
  };
}
