/** `kho names …`: what its commands do. */
import { surveySite } from '../../build-site.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import type { Namesake } from '../../fetch/find-namesakes.ts';
import { findUpstream, shownAddress } from '../../fetch/upstream-address.ts';
import { adoptFiles, type Decider, type Decision, decideNames } from '../../names/decide-names.ts';
import { isUndecided } from '../../names/judge-name.ts';
import { type FilesOf, type NameBook, openNameBook } from '../../names/name-book.ts';
import { FormatError } from '../../problems.ts';
import { inPlaceTarget } from '../../publish/target.ts';
import { type NormalizedName, normalizeName } from '../../standards/name.ts';
import { namesakeLines, namesLines, type ShownName, settingsLines } from '../lines/names-lines.ts';
import { openForDoer } from '../open-for-doer.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';

interface Common {
  site?: string | undefined;
}

interface ShowOptions extends Common {
  askUpstream: boolean;
  from?: string | undefined;
  json?: true | undefined;
}

export async function showNames({ askUpstream, from, ...options }: ShowOptions): Promise<void> {
  const { config, doer } = await openForDoer(options, askUpstream ? 'writes' : 'reads');
  inPlaceTarget(config);
  const { names, filesOf } = await surveySite(config);
  const namesakes = askUpstream ? await askFor(undecidedOf(names, config, filesOf), config, from, filesOf, doer) : [];
  const book = openNameBook(config, filesOf);
  const shown = allNames(names, book).map((name): ShownName => {
    const namesake = namesakes.find((each) => each.name === name);
    return { name, origin: book.originOf(name), files: filesOf(name).length, ...(namesake && { namesake }) };
  });
  if (options.json) {
    terminal.stdout(printableJson({ names: shown.map(toJson) }));
    return;
  }
  terminal.print(namesLines(shown));
  if (askUpstream) terminal.print([...namesakeLines(shown), ...settingsLines(shown, config)]);
}

export async function decide(written: readonly string[], decision: Decision, options: Common): Promise<void> {
  const names = written.map(readName);
  const { config, doer } = await openForDoer(options, 'writes');
  const { filesOf } = await surveySite(config);
  await decideNames(config, names, decision, filesOf, doer);
  const book = openNameBook(config, filesOf);
  terminal.print(namesLines(names.map((name) => ({ name, origin: book.originOf(name), files: filesOf(name).length }))));
}

function undecidedOf(names: readonly NormalizedName[], config: SiteConfig, filesOf: FilesOf): NormalizedName[] {
  const book = openNameBook(config, filesOf);
  return names.filter((name) => isUndecided(book.originOf(name)));
}

async function askFor(
  names: readonly NormalizedName[],
  config: SiteConfig,
  from: string | undefined,
  filesOf: FilesOf,
  decider: Decider,
): Promise<Namesake[]> {
  if (names.length === 0) return [];
  const upstream = findUpstream(from, config.upstream);
  const index = shownAddress(upstream.url);
  terminal.say([
    `kho: asking ${index} (${upstream.by}) for ${names.length === 1 ? 'a name' : `${names.length} names`}`,
  ]);
  const { HttpClient } = await import('../../fetch/http-client.ts');
  const { upstreamSource } = await import('../../fetch/upstream-source.ts');
  const { findNamesakes } = await import('../../fetch/find-namesakes.ts');
  const client = new HttpClient();
  try {
    const source = upstreamSource(upstream.url, client);
    const namesakes = await findNamesakes(names, { source, filesOf, index, now: decider.now });
    await adoptFiles(
      config,
      namesakes.flatMap(({ same }) => same),
      filesOf,
      decider,
    );
    return namesakes;
  } finally {
    await client.close();
  }
}

/** Those of the site and those that are only remembered. Sorted. */
function allNames(names: readonly NormalizedName[], { remembered }: NameBook): NormalizedName[] {
  return [...new Set([...names, ...(remembered as readonly NormalizedName[])])].sort();
}

function toJson({ name, origin, files, namesake }: ShownName) {
  return {
    ...{ name, origin: origin.is, files },
    ...(origin.is !== 'upstream' && { decidedBy: origin.by === 'files' ? undefined : origin.by }),
    ...(namesake && { upstream: { is: namesake.there, same: namesake.same.length, clashing: namesake.clashing } }),
  };
}

/** @throws {KhoError} USAGE */
function readName(written: string): NormalizedName {
  try {
    return normalizeName(written);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new KhoError('USAGE', `Cannot decide on this: ${error.message}`, {
      hint: 'name projects; patterns like "farm-*" stand in kho.toml: own = ["farm-*"]',
    });
  }
}
