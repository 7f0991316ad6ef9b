/**
 * PyPI's JSON API as plain files, with the keys that real tools read (Renovate, Dependabot, micropip, poetry).
 *
 * Source: PyPI documentation, "JSON API".
 */
import { bestFile } from '../../catalog/best-file.ts';
import type { IndexedFile, Project, Release } from '../../catalog/model.ts';
import type { CoreMetadata } from '../../standards/metadata.ts';
import { projectInputs, releaseInputs } from '../fingerprint.ts';
import { encodePath, fileHref, fileUrl, repositoryUrl } from '../links.ts';
import type { Page, RenderContext } from '../page.ts';
import { fileEntry } from './pypi-json-file.ts';
import { infoText } from './pypi-json-info.ts';

/**
 * `pypi/NAME/json`, and `pypi/NAME/VERSION/json` for each release. None for a project without releases.
 *
 * @param readMetadata asked only when a page is rendered
 */
export function pypiJsonPages(
  project: Project,
  context: RenderContext,
  readMetadata: (file: IndexedFile) => Promise<CoreMetadata>,
): Page[] {
  const { name, latest, releases } = project;
  if (!latest) return [];
  const { repository, siteUrl } = context;

  const info = async (release: Release, depth: number, described: boolean) => {
    const metadata = await readMetadata(bestFile(release));
    const folder = siteUrl === undefined ? '../'.repeat(depth) : repositoryUrl(siteUrl, repository);
    return infoText(metadata, release, `${folder}simple/${encodePath(name)}/`, described);
  };
  const entries = new Map<IndexedFile, (url: string) => string>();
  const entryOf = (file: IndexedFile) => {
    const entry = entries.get(file) ?? fileEntry(file);
    entries.set(file, entry);
    return entry;
  };
  const files = (release: Release, depth: number) => {
    const url = (file: IndexedFile) =>
      siteUrl === undefined ? fileHref({ repository, depth }, file) : fileUrl(siteUrl, file);
    return `[${release.files.map((file) => entryOf(file)(url(file))).join(',')}]`;
  };

  const projectPage: Page = {
    path: `pypi/${name}/json`,
    inputs: projectInputs(project, context),
    render: async () =>
      jsonPage(
        await info(latest, 2, true),
        files(latest, 2),
        releasesText(releases, (release) => files(release, 2)),
      ),
  };
  const releasePages = releases.filter(hasPage).map(
    (release): Page => ({
      path: `pypi/${name}/${release.version}/json`,
      inputs: releaseInputs(release, context),
      render: async () => jsonPage(await info(release, 3, false), files(release, 3)),
    }),
  );
  return [projectPage, ...releasePages];
}

/** In characters. Well below what disks allow. */
const VERSION_FOLDER_LIMIT = 200;

/**
 * Whether a folder can be named after a release. True for each PEP 440 version; a legacy one may be `..`, or `json`,
 * which would stand where the project's page is. Such a release is found in the project's page only.
 */
function hasPage({ version }: Release): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9.!+_-]*$/.test(version) &&
    version.length <= VERSION_FOLDER_LIMIT &&
    version.toLowerCase() !== 'json'
  );
}

/** Put together by hand: as keys of an object, versions such as `2004` would leave their place. Oldest first, as PyPI has it. */
function releasesText(newestFirst: readonly Release[], files: (release: Release) => string): string {
  const texts = newestFirst.map((release) => `${JSON.stringify(release.version)}:${files(release)}`);
  return `{${texts.reverse().join(',')}}`;
}

function jsonPage(info: string, urls: string, releases?: string): string {
  const middle = releases === undefined ? '' : `"releases":${releases},`;
  return `{"info":${info},"last_serial":0,${middle}"urls":${urls},"vulnerabilities":[]}\n`;
}
