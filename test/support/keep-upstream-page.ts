/** Pages of another index as kho keeps them, without one that is asked. */
import type { KeptHeader } from '../../src/kept-upstream/kept-page.ts';
import type { UpstreamFile, UpstreamPage } from '../../src/upstream-model.ts';
import type { TestSite } from './site.ts';

export interface KeptFileOptions extends Partial<Omit<UpstreamFile, 'sha256'>> {
  version: string;
  /** Of a wheel; for any machine when left out. */
  tag?: string;
  /** Some when left out. */
  sha256?: string | undefined;
}

/** Of the upstream "public". */
export function keepUpstreamPage(
  site: TestSite,
  project: string,
  files: readonly KeptFileOptions[],
  header: Partial<KeptHeader> = {},
  about: Partial<UpstreamPage> = {},
): void {
  const whole = { format: 1, bodySha256: 'a', form: 'json', files: files.length, changedMs: 1, ...header };
  const page = { upstream: 'public', index: 'https://index.example/simple/', project, ...about };
  const listed = files.map(({ tag = 'py3-none-any', version, ...more }) => {
    const filename = `${project}-${version}-${tag}.whl`;
    return { filename, url: `https://index.example/${filename}`, sha256: 'b'.repeat(64), version, ...more };
  });
  site.put(
    `upstream/public/pages/${project}.json`,
    `${JSON.stringify({ _kho: whole }).slice(0, -1)},\n${JSON.stringify({ ...page, files: listed }).slice(1)}`,
  );
}
