/** `kho cache`. */
import { sweepRefused } from '../../admission/sweep-refused.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { readSize } from '../../config/size.ts';
import { KhoError } from '../../errors.ts';
import { inPlaceTarget } from '../../publish/target.ts';
import { quoted } from '../../standards/quoted.ts';
import { openCache } from '../../upstream/files/open-cache.ts';
import { counted, inBytes } from '../amounts.ts';
import { openSite } from '../open-site.ts';
import { chooseSite } from '../site-argument.ts';
import { terminal } from '../terminal.ts';
import { printableJson } from '../text.ts';
import { cacheJson, cacheLines, fileLines } from './cache-lines.ts';

interface CacheOptions {
  site?: string | undefined;
  json?: true | undefined;
}

export async function showCache(argument: string | undefined, options: CacheOptions & { all: boolean }): Promise<void> {
  const config = await open(chooseSite(argument, options.site), options, 'reads');
  const cache = await openCache(config);
  if (options.json) terminal.stdout(printableJson(cacheJson(cache, config)));
  else terminal.print([...cacheLines(cache, config), ...(options.all ? fileLines(cache) : [])]);
}

export async function trimCache({ to, ...options }: CacheOptions & { to?: string | undefined }): Promise<void> {
  const config = await open(chooseSite(undefined, options.site), options, 'writes');
  const most = to === undefined ? config.cache?.max : readSize(to);
  if (most === undefined) {
    const why = to === undefined ? 'nothing says how much may stay' : `${quoted(to)} is no size`;
    throw new KhoError('USAGE', `Cannot trim what "${config.root}" keeps of other indexes: ${why}`, {
      hint: 'say it with --to 20GB, or as max of [cache] in kho.toml',
    });
  }
  const refused = await sweepRefused(config, true);
  if (!options.json) terminal.say(refused.map((note) => `kho: ${note}`));
  const { trimTo } = await openCache(config);
  const { gone, bytes } = await trimTo(most);
  if (options.json) {
    terminal.stdout(printableJson({ deleted: gone.map(({ path }) => `upstream/${path}`), bytes }));
    return;
  }
  terminal.print(gone.map(({ path }) => `gone  upstream/${path}`));
  terminal.say([`kho: ${counted(gone.length, 'file')} deleted, ${inBytes(bytes)}`]);
}

async function open(site: string | undefined, { json }: CacheOptions, access: 'reads' | 'writes'): Promise<SiteConfig> {
  const { config, notes } = await openSite(site, access);
  if (!json) terminal.say(notes.map((note) => `kho: ${note}`));
  inPlaceTarget(config);
  return config;
}
