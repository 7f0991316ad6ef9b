/**
 * File addresses that say where they are by themselves. micropip resolves none: it takes `url` in JSON as it stands.
 */

/**
 * @param text a page of the simple API, or of PyPI's JSON API, in JSON
 * @param pageUrl the page's own address, from which relative ones start
 * @returns the same page with absolute addresses of files; as it was when it is no such page
 */
export function withAbsoluteUrls(text: string, pageUrl: string): string {
  let page: Record<string, unknown>;
  try {
    page = JSON.parse(text);
  } catch {
    return text;
  }
  if (!(page instanceof Object)) return text;
  const releases = page['releases'];
  const ofReleases = releases instanceof Object ? Object.values(releases) : [];
  for (const files of [page['files'], page['urls'], ...ofReleases]) {
    for (const file of Array.isArray(files) ? files : []) {
      if (typeof file?.url === 'string' && URL.canParse(file.url, pageUrl)) file.url = new URL(file.url, pageUrl).href;
    }
  }
  return JSON.stringify(page);
}
