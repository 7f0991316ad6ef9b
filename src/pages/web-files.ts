import type { WebFiles } from './bundle-web.ts';

/** Set by scripts/bundle-kho.ts: style and script as JSON, ready to be published. Run from source there is no such global. */
declare const KHO_WEB: string | undefined;

let remembered: Promise<WebFiles> | undefined;

/** What browsers get. From source it is made of `web/` at the first call, just as for the bundle. */
export function webFiles(): Promise<WebFiles> {
  remembered ??= typeof KHO_WEB === 'string' ? Promise.resolve(JSON.parse(KHO_WEB)) : madeOfSource();
  return remembered;
}

/** The bundle has no use for what this loads, and leaves it out. */
async function madeOfSource(): Promise<WebFiles> {
  const { bundleWeb } = await import('./bundle-web.ts');
  return bundleWeb();
}
