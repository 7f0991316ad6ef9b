import { isYanked } from '../../catalog/build-project.ts';
import type { Release } from '../../catalog/model.ts';
import type { CoreMetadata } from '../../standards/metadata.ts';

/**
 * The key `info` of PyPI's JSON API, as JSON text: the metadata of one release. What is absent is `null`, so that tools
 * that index a key find it.
 *
 * @param metadata of the file that stands for the release
 * @param projectUrl the address of the project's page
 * @param described with the description; see docs/decisions/0007-descriptions-once.md
 */
export function infoText(metadata: CoreMetadata, release: Release, projectUrl: string, described: boolean): string {
  const description = JSON.stringify((described && metadata.description) || null);
  return `{"description":${description},${JSON.stringify(withoutDescription(metadata, release, projectUrl)).slice(1)}`;
}

function withoutDescription(metadata: CoreMetadata, release: Release, projectUrl: string): object {
  const yanked = isYanked(release);
  return {
    author: metadata.author ?? null,
    author_email: metadata.authorEmail ?? null,
    bugtrack_url: null,
    classifiers: metadata.classifiers,
    description_content_type: metadata.descriptionContentType ?? null,
    docs_url: null,
    download_url: metadata.downloadUrl ?? null,
    downloads: { last_day: -1, last_month: -1, last_week: -1 },
    dynamic: orNull(metadata.dynamic),
    home_page: metadata.homePage ?? null,
    keywords: metadata.keywords ?? null,
    license: metadata.license ?? null,
    license_expression: metadata.licenseExpression ?? null,
    license_files: orNull(metadata.licenseFiles),
    maintainer: metadata.maintainer ?? null,
    maintainer_email: metadata.maintainerEmail ?? null,
    name: metadata.name,
    package_url: projectUrl,
    platform: orNull(metadata.platforms)?.join(', ') ?? null,
    project_url: projectUrl,
    project_urls: projectUrls(metadata),
    provides_extra: orNull(metadata.providesExtra),
    release_url: projectUrl,
    requires_dist: orNull(metadata.requiresDist),
    requires_python: metadata.requiresPython ?? null,
    summary: metadata.summary ?? null,
    version: release.version,
    yanked,
    yanked_reason: (yanked && release.files.find((file) => file.yanked)?.yanked) || null,
  };
}

/** By label; as on PyPI, the old single fields are among them. Null when there are none. */
function projectUrls({ projectUrls, homePage, downloadUrl }: CoreMetadata): Record<string, string> | null {
  const urls = new Map<string, string>();
  for (const line of projectUrls) {
    const [, label, url] = /^([^,]*),\s*(\S.*)$/.exec(line) ?? [];
    if (label !== undefined && url !== undefined) urls.set(label.trim(), url);
  }
  if (homePage !== undefined && !urls.has('Homepage')) urls.set('Homepage', homePage);
  if (downloadUrl !== undefined && !urls.has('Download')) urls.set('Download', downloadUrl);
  return urls.size === 0 ? null : Object.fromEntries(urls);
}

function orNull(list: readonly string[]): readonly string[] | null {
  return list.length === 0 ? null : list;
}
