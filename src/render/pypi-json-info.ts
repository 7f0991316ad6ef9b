import { isYanked } from '../catalog/build-project.ts';
import type { Release } from '../catalog/model.ts';
import type { CoreMetadata } from '../standards/metadata.ts';

/**
 * The key `info` of PyPI's JSON API, as JSON text: the metadata of one release. What is absent is `null`, so that tools
 * that index a key find it.
 *
 * @param metadata of the file that stands for the release
 * @param projectUrl the address of the project's page
 * @param described with the description; see docs/decisions/0007-descriptions-once.md
 */
export function infoText(metadata: CoreMetadata, release: Release, projectUrl: string, described: boolean): string {
  const url = JSON.stringify(projectUrl);
  const yanked = isYanked(release);
  const reason = yanked ? release.files.find((file) => file.yanked)?.yanked : undefined;
  const platform = metadata.platforms.length === 0 ? undefined : metadata.platforms.join(', ');
  // Key by key: an object of thirty keys, nearly all of them null, takes JSON.stringify twice as long.
  return [
    `{"description":${text(described ? metadata.description : undefined)}`,
    `"author":${text(metadata.author)}`,
    `"author_email":${text(metadata.authorEmail)}`,
    `"bugtrack_url":null`,
    `"classifiers":${JSON.stringify(metadata.classifiers)}`,
    `"description_content_type":${text(metadata.descriptionContentType)}`,
    `"docs_url":null`,
    `"download_url":${text(metadata.downloadUrl)}`,
    `"downloads":{"last_day":-1,"last_month":-1,"last_week":-1}`,
    `"dynamic":${list(metadata.dynamic)}`,
    `"home_page":${text(metadata.homePage)}`,
    `"keywords":${text(metadata.keywords)}`,
    `"license":${text(metadata.license)}`,
    `"license_expression":${text(metadata.licenseExpression)}`,
    `"license_files":${list(metadata.licenseFiles)}`,
    `"maintainer":${text(metadata.maintainer)}`,
    `"maintainer_email":${text(metadata.maintainerEmail)}`,
    `"name":${JSON.stringify(metadata.name)}`,
    `"package_url":${url}`,
    `"platform":${text(platform)}`,
    `"project_url":${url}`,
    `"project_urls":${projectUrls(metadata)}`,
    `"provides_extra":${list(metadata.providesExtra)}`,
    `"release_url":${url}`,
    `"requires_dist":${list(metadata.requiresDist)}`,
    `"requires_python":${text(metadata.requiresPython)}`,
    `"summary":${text(metadata.summary)}`,
    `"version":${JSON.stringify(release.version)}`,
    `"yanked":${yanked}`,
    `"yanked_reason":${text(reason)}}`,
  ].join(',');
}

/** As JSON; nothing and the empty text are null. */
function text(value: string | undefined): string {
  return value ? JSON.stringify(value) : 'null';
}

/** As JSON; null when there is nothing in it. */
function list(values: readonly string[]): string {
  return values.length === 0 ? 'null' : JSON.stringify(values);
}

/** As JSON, by label; as on PyPI, the old single fields are among them. Null when there are none. */
function projectUrls({ projectUrls, homePage, downloadUrl }: CoreMetadata): string {
  const urls = new Map<string, string>();
  for (const line of projectUrls) {
    const comma = line.indexOf(',');
    const url = line.slice(comma + 1).trimStart();
    if (comma >= 0 && url !== '') urls.set(line.slice(0, comma).trim(), url);
  }
  if (homePage !== undefined && !urls.has('Homepage')) urls.set('Homepage', homePage);
  if (downloadUrl !== undefined && !urls.has('Download')) urls.set('Download', downloadUrl);
  return urls.size === 0 ? 'null' : JSON.stringify(Object.fromEntries(urls));
}
