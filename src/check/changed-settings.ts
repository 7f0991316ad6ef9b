import type { SiteConfig } from '../config/site-config.ts';
import type { Drift } from '../drift.ts';
import { settingsText } from '../index/compare.ts';
import { readManifest } from '../publish/manifest.ts';
import type { Target } from '../publish/target.ts';
import { shellWord } from '../standards/shell-word.ts';
import { COPY_AGAIN } from './ways-out.ts';

/**
 * Where settings are others than those of the last build, its pages are as they were, and nobody has to remove any: says so first, and
 * what to type. Nothing changes where that is not known, or no page says anything else.
 *
 * @param out as it was given
 */
export function explainSettings(
  drifts: readonly Drift[],
  config: SiteConfig,
  target: Target,
  out: string | undefined,
): Drift[] {
  const manifest = drifts.length > 0 ? readManifest(target.root) : undefined;
  if (!manifest || manifest.settings === settingsText(config)) return [...drifts];
  const command = ['kho build', shellWord(config.root), ...(out === undefined ? [] : ['--out', shellWord(out)])].join(
    ' ',
  );
  const hint = `type: ${command}`;
  const what = 'settings have changed since the last build: pages are as they were before';
  const others = drifts.map((drift) => (drift.hint === COPY_AGAIN ? drift : { ...drift, hint }));
  return [{ file: 'kho.toml', what, hint }, ...others];
}
