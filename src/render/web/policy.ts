/**
 * What pages for people may do: use the site's own files, and nothing else. What comes out of a package can neither run nor phone home.
 * Each page says so itself, so that it holds from a disk too; servers say it once more.
 */
export function contentPolicy(remoteImages: boolean): string {
  const images = remoteImages ? "'self' data: https: http:" : "'self' data:";
  return `default-src 'none'; style-src 'self'; script-src 'self'; img-src ${images}; base-uri 'none'; form-action 'none'`;
}
