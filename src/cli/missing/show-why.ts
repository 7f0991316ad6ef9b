import { surveySite } from '../../build-site.ts';
import type { Candidate } from '../../catalog/candidate.ts';
import type { CandidateLimits } from '../../catalog/choose-candidate.ts';
import { explainChoice, whyNotWords } from '../../catalog/explain-choice.ts';
import { KhoError } from '../../errors.ts';
import { openNameBook } from '../../names/name-book.ts';
import { chooseTargets, type InstallTarget } from '../../needs/choose-target.ts';
import { joinOptions } from '../../needs/joined-needs.ts';
import { readNeedsFile, readNeedsList } from '../../needs/read-needs.ts';
import { siteSource } from '../../needs/site-source.ts';
import type { NeedsFile } from '../../needs/wanted.ts';
import type { NormalizedName } from '../../standards/name.ts';
import { MachineFit } from '../../standards/platforms/machine-fit.ts';
import { markerEnvironments } from '../../standards/platforms/marker-environment.ts';
import { quoted } from '../../standards/quoted.ts';
import { parseRequirement } from '../../standards/requirement.ts';
import { type Explanation, whyLines } from '../lines/why-lines.ts';
import { openSite } from '../open-site.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';
import { understood } from './show-missing.ts';
import { KeptUpstreams, type UpstreamCandidates } from './upstream-candidates.ts';

interface WhyOptions {
  site: string | undefined;
  for?: string[] | undefined;
  python?: string[] | undefined;
  repository?: string | undefined;
  requirement?: string[] | undefined;
  client?: 'pip' | 'uv' | undefined;
  json?: true | undefined;
}

/** @param project a requirement. @returns the exit code. @throws {KhoError} */
export async function showWhy(project: string, options: WhyOptions): Promise<number> {
  const { config, notes } = await openSite(options.site, 'reads');
  const asked = readNeedsList([project]);
  const { name } = parseRequirement(project);
  const files: NeedsFile[] = [];
  for (const path of options.requirement ?? []) files.push(await readNeedsFile(path));
  const { catalogs, names, filesOf } = await surveySite(config);
  const origin = openNameBook(config, filesOf).originOf(name);
  const upstreams = new KeptUpstreams(config);
  if (!names.includes(name) && config.upstreams.size === 0) {
    throw new KhoError('USAGE', `Cannot tell why: the site has nothing of ${quoted(name)}`, {
      hint: '"kho list" shows what it has',
    });
  }
  const targets = chooseTargets(config, catalogs, { ...options, repositoryOption: '--repository' });
  const explanations: Explanation[] = [];
  for (const target of targets)
    explanations.push(
      await understood(async () => {
        const source = siteSource(target.catalog, config);
        const own = await source.candidates(name);
        const theirs = await upstreams.candidates(target.repository, name, { origin, own }, Date.now());
        return explain(
          name,
          [asked, ...files],
          target,
          { own, held: source.held?.(name) ?? [], theirs },
          options.client,
        );
      }),
    );
  if (options.json) terminal.stdout(printableJson({ project: name, targets: explanations.map(toJson) }));
  else {
    terminal.say(notes.map((note) => `kho: ${note}`));
    terminal.print(explanations.flatMap(whyLines));
  }
  return explanations.every(({ chosen }) => chosen !== undefined) ? 0 : 1;
}

/** What a repository has of a project by itself, and of other indexes. */
interface Offered extends Pick<Explanation, 'held'> {
  own: readonly Candidate[];
  theirs: UpstreamCandidates;
}

function explain(
  name: NormalizedName,
  files: readonly NeedsFile[],
  { machine, repository }: InstallTarget,
  { own, held, theirs }: Offered,
  client: WhyOptions['client'],
): Explanation {
  const { upstream, refused, isUnasked, note } = theirs;
  const fit = new MachineFit(machine);
  const options = { ...joinOptions(files.map((file) => file.options)), ...(client === 'uv' && { client }) };
  const limits = limitsOf(name, files, fit);
  return {
    ...{ platform: machine.platform, python: machine.python.written, repository: repository.name },
    ...explainChoice(name, [...own, ...theirs.files], limits, fit, options),
    held,
    refused,
    ...(isUnasked && { isUnasked }),
    ...(upstream !== undefined && { upstream }),
    ...(note !== undefined && { note }),
  };
}

/** What all that ask for the project on this machine allow. */
function limitsOf(name: NormalizedName, files: readonly NeedsFile[], { machine }: MachineFit): CandidateLimits {
  const needs = files.map((file) => file.needsOf(markerEnvironments(machine)));
  const wanted = needs.flatMap((each) => [...each.wanted, ...each.constraints]).filter((each) => each.name === name);
  return {
    specifiers: [...new Set(wanted.map(({ specifiers }) => specifiers).filter((text) => text !== ''))],
    sha256s: wanted.flatMap(({ sha256s }) => sha256s ?? []),
  };
}

function toJson({ platform, python, repository, chosen, others, held, refused, upstream, note }: Explanation) {
  return {
    ...{ platform, python, repository },
    ...(chosen && { takes: chosen.filename }),
    others: others.map(({ file, why }) => ({ filename: file.filename, why: whyNotWords(why) })),
    held: held.map(({ file: { file, code, what, hint } }) => ({ file, code, what, hint })),
    refused,
    ...(upstream !== undefined && { upstream }),
    ...(note !== undefined && { note }),
  };
}
