import { isYanked } from '../catalog/build-project.ts';
import type { Project, Release } from '../catalog/model.ts';
import { keywordsOf } from '../render/web/metadata-facts.ts';
import { type ProjectCard, RECENT_RELEASES, type RecentRelease } from '../render/web/model.ts';
import type { CoreMetadata } from '../standards/metadata.ts';
import { platformWords } from '../standards/platform-words.ts';
import { requiredName } from './dependencies-of.ts';

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
  };
}

function recentRelease(release: Release): RecentRelease {
  return {
    version: release.version,
    publishedMs: Math.max(...release.files.map((file) => file.uploadedMs)),
    files: release.files.length,
    ...(isYanked(release) && { yanked: true }),
  };
}

function shortened(text: string): string {
  const characters = [...text.slice(0, 2 * SUMMARY_LENGTH)];
  return characters.length > SUMMARY_LENGTH ? `${characters.slice(0, SUMMARY_LENGTH - 1).join('')}…` : text;
}
