/** What kho.toml says of other indexes that clients reach through the site. */
import { matchesName } from '../standards/name-pattern.ts';
import { readProjectPattern } from '../standards/project-pattern.ts';
import { quoted } from '../standards/quoted.ts';
import type { SettingsFault } from './check-settings.ts';
import { readDuration } from './duration.ts';
import type { Position } from './read-toml.ts';
import type { Settings } from './schema.ts';
import type { UpstreamSettings } from './site-config.ts';

/** How long a page counts as fresh, and how long a client waits for a fresh one, where kho.toml does not say. In milliseconds. */
const DEFAULT_FRESH_MS = 600_000;
const DEFAULT_WAIT_MS = 1_000;

/** A folder under `upstream/` and a part of addresses, on all systems that a copy of the site may be carried to. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38}[A-Za-z0-9])?$/;

/** `upstream/packages` would be the packages of a repository; the others may be something one day. */
const TAKEN_NAMES: readonly string[] = ['packages', 'simple', 'pypi', 'project', 'incoming', 'originals', 'used'];

/** Why an upstream cannot be called that, to be read after the name; undefined when it can. */
export function upstreamNameFault(name: string): string | undefined {
  if (TAKEN_NAMES.includes(name.toLowerCase())) return `the names ${TAKEN_NAMES.join(', ')} are taken by kho`;
  if (NAME.test(name)) return undefined;
  return 'a name is of letters, digits, - and _, begins and ends with a letter or digit, and has at most 40 of them';
}

/** @param positionOf the table of the upstream of that name */
export function readUpstreams(
  written: NonNullable<Settings['upstreams']>,
  positionOf: (name: string) => Position,
  faults: SettingsFault[],
): Map<string, UpstreamSettings> {
  const upstreams = new Map<string, UpstreamSettings>();
  const spelled = new Map<string, string>();
  for (const [name, settings] of written) {
    const wrong = upstreamNameFault(name);
    if (wrong !== undefined)
      faults.push({ position: positionOf(name), message: `An upstream cannot be called ${quoted(name)}: ${wrong}` });
    const other = spelled.get(name.toLowerCase());
    if (other !== undefined) {
      const message = `The upstreams ${quoted(other)} and ${quoted(name)} are one folder where a disk ignores case`;
      faults.push({ position: positionOf(name), message });
    }
    spelled.set(name.toLowerCase(), name);
    upstreams.set(name, readUpstream(name, settings));
  }
  return upstreams;
}

type Written = NonNullable<Settings['upstreams']> extends Map<string, infer Each> ? Each : never;

/** All values have been checked. */
function readUpstream(name: string, settings: Written): UpstreamSettings {
  const { url, fresh, wait, projects, hashes, file_hosts, gone, cooldown, fixes, allow, allow_from, deny } = settings;
  const { cooldown_except, cooldown_except_from } = settings;
  return {
    name,
    ...(url !== undefined && { url }),
    freshMs: timeOf(fresh) ?? DEFAULT_FRESH_MS,
    waitMs: timeOf(wait) ?? DEFAULT_WAIT_MS,
    ...(projects !== undefined && { projects: projects.flatMap((text) => readProjectPattern(text) ?? []) }),
    ...(hashes === 'optional' && { hashesOptional: true as const }),
    ...(file_hosts !== undefined && { fileHosts: file_hosts.map((host) => host.toLowerCase()) }),
    ...(cooldown !== undefined && { cooldownMs: timeOf(cooldown) ?? 0 }),
    ...(cooldown_except !== undefined && { cooldownExcept: cooldown_except }),
    ...(cooldown_except_from !== undefined && { cooldownExceptFrom: cooldown_except_from }),
    ...(fixes && { fixes: true as const }),
    ...(allow !== undefined && { allow }),
    ...(allow_from !== undefined && { allowFrom: allow_from }),
    ...(deny !== undefined && { deny }),
    gone: gone ?? 'yank',
  };
}

/** Whether an upstream is asked for a project: for all where kho.toml names none. */
export function isAskedFor({ projects }: Pick<UpstreamSettings, 'projects'>, project: string): boolean {
  return projects === undefined || projects.some((pattern) => matchesName(pattern, project));
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : readDuration(text);
}
