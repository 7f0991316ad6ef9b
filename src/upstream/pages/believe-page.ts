import { type ProjectPage, readProjectPage, type UpstreamCandidate } from '../../fetch/read-index-page.ts';
import { withoutCredentials } from '../../standards/without-credentials.ts';
import type { UpstreamFile, UpstreamPage } from '../../upstream-model.ts';

/** What came from an index, and where from. */
export interface RawPage {
  bytes: Buffer;
  contentType: string;
  /** After redirects. */
  url: URL;
}

/**
 * A page as other parts of kho know it: nothing in it but what was understood.
 *
 * @param of the upstream's name in kho.toml, and its address without name and password
 * @throws {NoIndexPage} for what is no page of this project
 */
export function believePage(
  { bytes, contentType, url }: RawPage,
  of: Pick<UpstreamPage, 'upstream' | 'index' | 'project'>,
): { page: UpstreamPage; form: ProjectPage['form'] } {
  const { files, form, status, statusReason } = readProjectPage(bytes, contentType, url, of.project, toFile);
  const isSecure = of.index.startsWith('https:');
  const byName = new Map<string, UpstreamFile>();
  // Whoever sits on the way could put other bytes into the place of those of an index that comes over https.
  for (const file of files) if (!isSecure || file.url.startsWith('https:')) byName.set(file.filename, file);
  const page = {
    ...of,
    ...(status !== undefined && { status }),
    ...(statusReason !== undefined && { statusReason }),
    files: [...byName.values()],
  };
  return { page, form };
}

/** @param project whose page lists it */
function toFile(file: UpstreamCandidate): UpstreamFile {
  const { filename, version, sha256, hashes, size, requiresPython, isYanked, yankedReason, uploaded, metadata } = file;
  return {
    filename,
    url: withoutCredentials(file.url.href),
    version,
    ...(sha256 !== undefined && { sha256 }),
    ...(hashes && { hashes: { ...hashes } }),
    ...(size !== undefined && { size }),
    ...(requiresPython !== undefined && { requiresPython }),
    ...(isYanked && { yanked: yankedReason ?? (true as const) }),
    ...(uploaded !== undefined && { uploadTime: uploaded }),
    ...(metadata !== undefined && { metadataSha256: metadata }),
    ...(file.provenance && { provenance: withoutCredentials(file.provenance.href) }),
  };
}
