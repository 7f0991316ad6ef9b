import type { HeldCandidate } from '../../catalog/held-files.ts';
import type { ExplainedChoice } from '../../needs/explain-choice.ts';
import type { SiteCandidate } from '../../needs/site-source.ts';
import { bold, dim, green, type Line, red } from '../text.ts';

/** What is told of one kind of machine. */
export interface Explanation extends ExplainedChoice<SiteCandidate> {
  platform: string;
  python: string;
  repository: string;
  /** What lies there and is not listed. */
  held: readonly HeldCandidate[];
}

export function whyLines({ platform, python, repository, chosen, others, held }: Explanation, place: number): Line[] {
  const where = repository === '.' ? '' : ` in ${repository}`;
  return [
    ...(place > 0 ? [''] : []),
    [bold(`${platform}, Python ${python}${where}`), ' takes ', chosen ? green(chosen.filename) : red('nothing')],
    ...others.map(({ file, why }): Line => [`  ${file.filename}  `, dim(why)]),
    ...held.map(
      ({ filename, file: { what, hint } }): Line => [`  ${filename}  `, red('held'), dim(`: ${what}; ${hint}`)],
    ),
  ];
}
