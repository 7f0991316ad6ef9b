import { readFileSync } from 'node:fs';

/** Set by scripts/bundle-kho.ts; run from source there is no such global. */
declare const KHO_VERSION: string | undefined;

/** Of this kho, as in package.json. */
export function khoVersion(): string {
  if (typeof KHO_VERSION !== 'undefined') return KHO_VERSION;
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return version;
}
