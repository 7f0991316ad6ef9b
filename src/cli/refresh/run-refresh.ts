/** `kho refresh`: pages of other indexes are asked for now. */
import { KhoError } from '../../errors.ts';
import { FormatError } from '../../problems.ts';
import { type NormalizedName, normalizeName } from '../../standards/name.ts';
import type { RefreshedPage } from '../../upstream/pages/refresh-pages.ts';
import { counted } from '../amounts.ts';
import { openSite } from '../open-site.ts';
import { terminal } from '../terminal.ts';
import { green, type Line, printableJson, red } from '../text.ts';

interface RefreshOptions {
  site: string | undefined;
  json?: true | undefined;
}

/** @returns the exit code. @throws {KhoError} */
export async function runRefresh(words: readonly string[], { site, json }: RefreshOptions): Promise<number> {
  const projects = [...new Set(words.map(readName))];
  const { config, notes } = await openSite(site, 'writes');
  if (config.upstreams.size === 0) {
    throw new KhoError('USAGE', 'Cannot refresh anything: kho.toml names no upstreams', {
      hint: 'what other indexes have is passed on by repositories with upstreams: docs/upstreams.md',
    });
  }
  if (!json) terminal.say(notes.map((note) => `kho: ${note}`));
  const { PullPages } = await import('../../upstream/pages/pull-pages.ts');
  const { refreshPages } = await import('../../upstream/pages/refresh-pages.ts');
  const tell = (upstream: string, message: string) => terminal.say([`kho: ${upstream}: ${message}`]);
  const pull = new PullPages({ config: () => config, tell });
  try {
    const found = await refreshPages(config, pull, projects, Date.now());
    if (json) terminal.stdout(printableJson({ pages: found }));
    else terminal.print(found.map(lineOf));
    return found.some(({ is }) => is === 'unavailable') ? 1 : 0;
  } finally {
    await pull.close();
  }
}

function readName(text: string): NormalizedName {
  try {
    return normalizeName(text);
  } catch (error) {
    if (error instanceof FormatError) throw new KhoError('USAGE', `Cannot refresh this: ${error.message}`);
    throw error;
  }
}

function lineOf({ project, upstream, is, files }: RefreshedPage): Line {
  const from = upstream === undefined ? '' : `  ${upstream}: `;
  const listed = files === undefined ? '' : `, ${counted(files, 'file')}`;
  switch (is) {
    case 'changed':
      return [`${project}${from}`, green('changed'), listed];
    case 'same':
      return [`${project}${from}as it was${listed}`];
    case 'absent':
      return [`${project}${from}has no such project`];
    case 'unavailable':
      return [
        `${project}${from}`,
        red('does not answer'),
        files === undefined ? '' : '; what is kept goes on to count',
      ];
    case 'soon':
      return [`${project}${from}was asked for within the last ten seconds`];
    case 'own':
      return [`${project}  is your own: no other index is asked for it`];
    case 'not asked':
      return [`${project}  no repository passes it on from an upstream`];
  }
}
