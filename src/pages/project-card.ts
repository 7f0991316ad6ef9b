import { isYanked } from '../catalog/build-project.ts';
import type { HeldFile } from '../catalog/held-files.ts';
import type { Project, Release } from '../catalog/model.ts';
import { seenPlatforms, seenPythons } from '../catalog/seen-machines.ts';
import { keywordsOf } from '../render/web/metadata-facts.ts';
import {
  type ProjectCard,
  type ProjectCoverage,
  RECENT_RELEASES,
  type RecentRelease,
  type RepositoryMachines,
} from '../render/web/model.ts';
import type { CoreMetadata } from '../standards/metadata.ts';
import { platformWords } from '../standards/platform-words.ts';
import { requiredName } from './dependencies-of.ts';
import { projectCoverage } from './project-coverage.ts';

/** A list shows so much of a summary, in characters; some are whole essays. */
const SUMMARY_LENGTH = 240;

/** So many keywords are searched. */
const KEYWORDS = 30;

/** @param metadata of the latest release; absent when no file is offered, or none can be read */
export function projectCard(project: Project, metadata: CoreMetadata | undefined): ProjectCard {
  const { name, displayName, latest, releases, status } = project;
  const files = releases.flatMap((release) => release.files);
  const recent = releases.map(recentRelease).sort((a, b) => b.publishedMs - a.publishedMs);
  const summary = metadata?.summary;
  return {
    name,
    displayName,
    ...(latest && { latest: latest.version }),
    ...(summary !== undefined && { summary: shortened(summary) }),
    keywords: metadata ? keywordsOf(metadata).slice(0, KEYWORDS) : [],
    platforms: latest ? platformWords(latest.files) : [],
    bytes: files.reduce((sum, file) => sum + file.size, 0),
    files: files.length,
    changedMs: recent[0]?.publishedMs ?? 0,
    ...(status === 'quarantined' && { unlisted: true }),
    ...(status !== undefined && status !== 'active' && { status }),
    requires: [...new Set((metadata?.requiresDist ?? []).flatMap((line) => requiredName(line) ?? []))].sort(),
    recent: recent.slice(0, RECENT_RELEASES),
    seen: { platforms: seenPlatforms([project]), pythons: exactPythons(project) },
    stablePythons: seenPythons([project]),
  };
}

/** Of wheels that run on one Python only. */
function exactPythons(project: Project): string[] {
  const releases = project.releases.map((release) => ({
    ...release,
    files: release.files.filter(({ filename }) => !filename.includes('-abi3-')),
  }));
  return seenPythons([{ ...project, releases }]);
}

function recentRelease(release: Release): RecentRelease {
  return {
    version: release.version,
    publishedMs: Math.max(...release.files.map((file) => file.uploadedMs)),
    files: release.files.length,
    ...(isYanked(release) && { yanked: shortened(yankReasons(release)) }),
  };
}

/** Each once. */
function yankReasons({ files }: Release): string {
  return [...new Set(files.flatMap(({ yanked }) => yanked || []))].join('; ');
}

function shortened(text: string): string {
  const characters = [...text.slice(0, 2 * SUMMARY_LENGTH)];
  return characters.length > SUMMARY_LENGTH ? `${characters.slice(0, SUMMARY_LENGTH - 1).join('')}…` : text;
}

/** The card with what there is for the machines of its repository, and the whole table of that. */
export function withCoverage(
  card: ProjectCard,
  project: Project,
  held: readonly HeldFile[],
  machines: RepositoryMachines,
): { card: ProjectCard; coverage: ProjectCoverage | undefined } {
  const coverage = projectCoverage(project, held, machines);
  const { coverage: _, ...rest } = card;
  const named = { ...rest, machines: JSON.stringify(machines) };
  return { card: coverage ? { ...named, coverage: coverage.summary } : named, coverage };
}
