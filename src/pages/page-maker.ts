import { hash } from 'node:crypto';
import { join } from 'node:path';
import { bestFile } from '../catalog/best-file.ts';
import type { HeldFile } from '../catalog/held-files.ts';
import type { MachineChoice } from '../catalog/machine-choices.ts';
import type { IndexedFile, Project, Release } from '../catalog/model.ts';
import type { PackageReader } from '../inspect/package-reader.ts';
import type { FileDetails } from '../inspect/read-details.ts';
import type { Target } from '../publish/target.ts';
import { README_VERSION } from '../readme/readme-version.ts';
import type { RenderedDescription } from '../readme/render-description.ts';
import { fingerprint, projectInputs, releaseInputs } from '../render/fingerprint.ts';
import { Html } from '../render/html.ts';
import type { Page, RenderContext } from '../render/page.ts';
import { newestChanges } from '../render/web/changes-page.ts';
import { feedXml } from '../render/web/feed.ts';
import { filePage, type PackageDetails } from '../render/web/file-page.ts';
import { type ComparedMember, compareMembers } from '../render/web/member-changes.ts';
import type { ProjectCard, ProjectCoverage, ProjectOrigin, ShownHole, SiteContext } from '../render/web/model.ts';
import { fetchedFrom } from '../render/web/origin-section.ts';
import { fileHtmlPath, projectFeedPath, projectPath, versionPath } from '../render/web/places.ts';
import { projectPage } from '../render/web/project-page.ts';
import type { MachineRuns } from '../render/web/siblings-section.ts';
import { versionPage } from '../render/web/version-page.ts';
import type { CoreMetadata } from '../standards/metadata.ts';
import type { Advisory } from '../standards/osv/advisory.ts';
import { dependenciesOf } from './dependencies-of.ts';
import { previousFile } from './previous-file.ts';
import { readPublishers } from './read-publishers.ts';
import type { ReadmeCache } from './readme-cache.ts';
import { ReadmeRenderer } from './readme-renderer.ts';
import { shownHoles } from './shown-holes.ts';
import { machinesOf, type SeenElsewhere } from './siblings.ts';
import { versionChanges } from './version-changes.ts';

/** Headings of descriptions stand below that of their section. */
const TOP_HEADING = 3;

/** What other projects of a repository have to do with one. */
export interface Relations extends SeenElsewhere {
  /** Whether the repository lists a project of this normalized name. */
  lists(name: string): boolean;
  /** Normalized names, sorted. */
  dependents: readonly string[];
  held: readonly HeldFile[];
  /** Absent where the site has nothing to do with other indexes. */
  origin?: ProjectOrigin;
  /** What its machines take. */
  choices: readonly MachineChoice[];
  /** What is known of the project; none where its name is the site's own. */
  advisories: readonly Advisory[];
  /** Absent where it runs on all machines of the repository. */
  coverage?: ProjectCoverage;
}

/** Makes the pages of one project in one repository: what they show is read from its packages only when they are rendered. */
export class PageMaker {
  readonly #site: SiteContext;
  readonly #settings: string;
  readonly #packagesOf: Target['packagesOf'];
  readonly #packages: PackageReader;
  readonly #readmes: ReadmeRenderer;
  readonly #cache: ReadmeCache | undefined;
  #shownReadme: string | undefined;
  #rendered: { print: string; description: RenderedDescription | undefined } | undefined;

  /**
   * @param settings all that every page depends on, as text
   * @param cache without it descriptions are rendered anew
   */
  constructor(site: SiteContext, settings: string, source: Target, packages: PackageReader, cache?: ReadmeCache) {
    this.#site = site;
    this.#settings = fingerprint(settings);
    this.#packagesOf = source.packagesOf;
    this.#packages = packages;
    this.#readmes = new ReadmeRenderer({ topHeading: TOP_HEADING, remoteImages: site.remoteImages });
    this.#cache = cache;
  }

  /** Files first, then the page that links to them. */
  projectPages(repository: string, project: Project, card: ProjectCard, relations: Relations): Page[] {
    const context = { repository, ...(this.#site.siteUrl !== undefined && { siteUrl: this.#site.siteUrl }) };
    const isOffered = card.requires.map((name) => relations.lists(name));
    const inputs = projectInputs(project, context);
    return [
      ...project.releases.flatMap((release, place) => [
        ...this.#filePages(repository, project, release, place, relations.origin),
        ...this.#versionPages(repository, project, place, context, {
          machines: machinesOf(release.version, relations.projects),
          holes: shownHoles(relations.advisories, release.version),
          ...(relations.origin && { origin: relations.origin }),
        }),
      ]),
      {
        path: projectPath(project.name),
        inputs: fingerprint([
          this.#settings,
          inputs,
          isOffered,
          relations.dependents,
          relations.held,
          holesOfLatest(project, relations),
          relations.coverage,
          relations.choices,
          relations.origin,
          relations.siblings,
          relations.twins,
        ]),
        render: () => this.#projectPage(repository, project, relations),
      },
      {
        path: projectFeedPath(project.name),
        inputs: fingerprint([this.#settings, 'feed', card.recent, card.summary, card.displayName]),
        render: () =>
          feedXml(this.#site, {
            ...{ repository, path: projectFeedPath(project.name), pagePath: projectPath(project.name) },
            title: `${project.displayName} · ${this.#site.title}`,
            changes: newestChanges(repository, [card], card.recent.length),
          }),
      },
    ];
  }

  async #projectPage(
    repository: string,
    project: Project,
    { lists, projects: _, advisories, ...relations }: Relations,
  ): Promise<string> {
    const metadata = project.latest && (await this.readBest(project.latest));
    return projectPage(this.#site, {
      ...{ repository, project, ...relations, holes: holesOfLatest(project, { advisories }) },
      ...(metadata && { metadata }),
      ...(metadata && (await this.#descriptionOf(metadata))),
      dependencies: metadata ? dependenciesOf(metadata.requiresDist, lists) : [],
    });
  }

  /** Projects follow one another in all repositories: what one of them has rendered, the next needs again. */
  async #descriptionOf(metadata: CoreMetadata): Promise<{ description?: Html; isCut?: true }> {
    const print = readmePrint(metadata, this.#site);
    this.#shownReadme = print;
    if (this.#rendered?.print !== print) {
      const render = () => this.#readmes.render(metadata);
      this.#rendered = { print, description: await (this.#cache?.remember(print, render) ?? render()) };
    }
    const { description } = this.#rendered;
    if (!description) return {};
    return { description: new Html(description.html), ...(description.cut && { isCut: true }) };
  }

  /** The fingerprint of the description that the project's page shows, which was rendered since the last call; undefined when none was. */
  takeReadme(): string | undefined {
    const print = this.#shownReadme;
    this.#shownReadme = undefined;
    return print;
  }

  /** What a release says of itself; see `PackageReader`. */
  async readBest(release: Release): Promise<CoreMetadata | undefined> {
    return this.#packages.metadataNow(this.#pathOf(bestFile(release)));
  }

  #filePages(
    repository: string,
    project: Project,
    release: Release,
    place: number,
    origin: ProjectOrigin | undefined,
  ): Page[] {
    return release.files.flatMap((file): Page[] => {
      const path = fileHtmlPath(project.name, release.version, file.filename);
      if (path === undefined) return [];
      const previous = previousFile(file, project.releases.slice(place + 1));
      return [
        {
          path,
          inputs: fingerprint([
            ...[this.#settings, project.displayName, file, previous?.file.sha256],
            ...(origin ? [fetchedFrom(file, origin) ?? 'own'] : []),
          ]),
          render: async () => {
            const details = await this.#packages.detailsNow(this.#pathOf(file));
            const before = previous && (await this.#packages.detailsNow(this.#pathOf(previous.file)));
            const { name, displayName } = project;
            return filePage(this.#site, {
              ...{ repository, project: name, displayName, version: release.version, file, path },
              ...(origin && { origin }),
              ...(details && { details: this.#shownDetails(file, details) }),
              ...(details &&
                before &&
                previous && {
                  changes: { since: previous.version, changes: compareMembers(compared(before), compared(details)) },
                }),
            });
          },
        },
      ];
    });
  }

  /** After the pages of its files, whose details are still at hand then. */
  #versionPages(
    repository: string,
    project: Project,
    place: number,
    context: RenderContext,
    told: { machines: readonly MachineRuns[]; holes: readonly ShownHole[]; origin?: ProjectOrigin },
  ): Page[] {
    const both = project.releases.slice(place, place + 2);
    const [release, before] = both as [Release, Release?];
    const path = versionPath(project.name, release.version);
    if (path === undefined) return [];
    const newer = project.releases[place - 1]?.version;
    const tell = async (of: Release) => ({
      release: of,
      details: await this.#packages.detailsNow(this.#pathOf(bestFile(of))),
    });
    return [
      {
        path,
        inputs: fingerprint([
          this.#settings,
          'version',
          project.displayName,
          told.machines,
          told.holes,
          ...(told.origin ? [[told.origin.whose, told.origin.fetched]] : []),
          newer,
          ...both.map((one) => releaseInputs(one, context)),
        ]),
        render: async () => {
          const now = await tell(release);
          const { summary, requiresPython } = now.details?.metadata ?? {};
          return versionPage(this.#site, {
            ...{ repository, project: project.name, displayName: project.displayName, release, path, ...told },
            ...(newer !== undefined && { newer }),
            ...(summary !== undefined && { summary }),
            ...(requiresPython !== undefined && { requiresPython }),
            ...(before && { changes: versionChanges(await tell(before), now) }),
          });
        },
      },
    ];
  }

  #shownDetails(file: IndexedFile, details: FileDetails): PackageDetails {
    const { members, metadataBytes, recordText, entryPointsText, wheelText } = details;
    const publishers = file.provenance ? readPublishers(`${this.#pathOf(file)}.provenance`) : undefined;
    return {
      members: members.filter(({ kind }) => kind === 'file'),
      metadataText: headersOf(metadataBytes),
      ...(recordText !== undefined && { recordText }),
      ...(entryPointsText !== undefined && { entryPointsText }),
      ...(wheelText !== undefined && { wheelText }),
      ...(publishers && { provenance: publishers }),
    };
  }

  #pathOf({ repository, path }: IndexedFile): string {
    return join(this.#packagesOf(repository), path);
  }
}

function holesOfLatest({ latest }: Project, { advisories }: Pick<Relations, 'advisories'>): ShownHole[] {
  return latest ? shownHoles(advisories, latest.version) : [];
}

/** Stands for all that a rendered description is made from. */
function readmePrint({ description, descriptionContentType }: CoreMetadata, { remoteImages }: SiteContext): string {
  const inputs = [README_VERSION, TOP_HEADING, remoteImages, descriptionContentType, description];
  return hash('sha256', JSON.stringify(inputs), 'base64url');
}

/** The description stands on the project's page; here it would only repeat it. */
function headersOf(metadataBytes: Uint8Array): string {
  const [headers = ''] = new TextDecoder().decode(metadataBytes).split(/\r?\n\r?\n/, 1);
  return headers;
}

function compared({ members }: FileDetails): ComparedMember[] {
  return members
    .filter(({ kind }) => kind === 'file')
    .map((member) => ({
      path: member.path,
      size: member.size,
      ...('crc32' in member && { checksum: member.crc32 as number }),
    }));
}
