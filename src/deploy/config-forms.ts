/**
 * Which form a configuration has that `kho config` wrote: a number that goes up with each change of what is written there for all sites, so
 * that an old one is known for what it is. config-forms.test.ts tells whoever changes one without the other.
 */
import { readFileSync, statSync } from 'node:fs';
import { privateNames } from '../config/private-repositories.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { MAY_READ_TARGET } from '../standards/http/may-read.ts';
import { pullingRepositories } from './deployed-site.ts';
import { pulledPage } from './pulled-shapes.ts';

/** In bytes; what is longer was not written by kho. */
const LONGEST = 256 * 1024;

interface Configuration {
  /** That this kho writes. Without a line that names it, it is the first. */
  form: number;
  /** Where its first lines say to save it; absent where it is for other machines. */
  savedAs?: string;
  /** What begins a line that says something to people. */
  comment?: string;
}

export const CONFIGURATIONS = {
  nginx: { form: 7, savedAs: '/etc/nginx/conf.d/kho.conf' },
  caddy: { form: 7, savedAs: '/etc/caddy/Caddyfile' },
  apache: { form: 6, savedAs: '/etc/apache2/sites-available/kho.conf' },
  systemd: { form: 2, savedAs: '/etc/systemd/system/kho.service' },
  cron: { form: 1, savedAs: '/etc/cron.d/kho' },
  'nginx-bucket': { form: 1, savedAs: '/etc/nginx/conf.d/kho-bucket.conf' },
  cloudfront: { form: 1 },
  cloudflare: { form: 1, comment: '//' },
  's3-policy': { form: 1 },
} as const satisfies Record<string, Configuration>;

/** Where a unit finds the credentials of the bucket. */
export const BUCKET_ENVIRONMENT = '/etc/kho/bucket.env';

export type ConfiguredProgram = keyof typeof CONFIGURATIONS;

/** What stands first in each. */
export function formLine(program: ConfiguredProgram, version: string): string {
  const { form, comment = '#' }: Configuration = CONFIGURATIONS[program];
  return `${comment} kho config ${program}, form ${form}, as kho ${version} writes it.\n`;
}

/** Undefined for what is no configuration of that program by kho. */
export function formOf(text: string, program: ConfiguredProgram): number | undefined {
  const all = [...text.matchAll(/^(?:#|\/\/) kho config ([a-z0-9-]+), form ([0-9]{1,6}),/gm)];
  const named = all.find(([, of]) => of === program);
  if (named || all.length > 0) return named && Number(named[2]);
  return text.split('\n').some((line) => /^(?:#|\/\/) /.test(line) && /\bby kho\b/.test(line)) ? 1 : undefined;
}

export interface OldConfiguration {
  program: ConfiguredProgram;
  /** One line, that reads on after "kho: "; no full stop. */
  what: string;
  /** The way out; one line, no full stop. */
  hint: string;
  /** It was written while nothing was private, and hands out what is. */
  isOpen: boolean;
}

/** In what each server that sends files by itself has, once kho is asked who may read them; Apache passes all of the site on. */
const ASKS = {
  nginx: MAY_READ_TARGET,
  caddy: MAY_READ_TARGET,
  apache: 'ProxyPass "',
} satisfies Partial<Record<ConfiguredProgram, string>>;

/**
 * Configurations on this machine, where their first lines say to save them, that are about this site and of an older form, or older than its
 * first private repository. What cannot be read is passed over: it may be anybody's.
 *
 * @param top what stands before `/etc`, for tests
 */
export function oldConfigurations(
  config: Pick<SiteConfig, 'root' | 'repositories' | 'publish'>,
  top = '',
): OldConfiguration[] {
  const [hidden] = privateNames(config);
  const pulls = pullingRepositories(config);
  return (Object.keys(CONFIGURATIONS) as ConfiguredProgram[]).flatMap((program): OldConfiguration[] => {
    const { form, savedAs }: Configuration = CONFIGURATIONS[program];
    if (savedAs === undefined) return [];
    const text = readIfThere(top + savedAs);
    const found = text !== undefined && names(text, config.root) ? formOf(text, program) : undefined;
    if (text === undefined || found === undefined) return [];
    const asks = (ASKS as Partial<Record<ConfiguredProgram, string>>)[program];
    if (hidden !== undefined && asks !== undefined && !text.includes(asks)) {
      const what = `"${top}${savedAs}" was written before "${hidden}" was private: whoever asks gets what is in there`;
      return [{ program, what, hint: `write it anew, now: kho config ${program}`, isOpen: true }];
    }
    if (pulls.length > 0 && !(asks === undefined ? mayAsk(text) : passesOn(text, pulls, asks))) {
      const what = `"${top}${savedAs}" was written before upstreams of a repository were: whoever asks there gets what is at hand alone`;
      return [{ program, what, hint: `write it anew: kho config ${program}`, isOpen: false }];
    }
    if (config.publish !== undefined && program === 'systemd' && !text.includes(BUCKET_ENVIRONMENT)) {
      const what = `"${top}${savedAs}" was written before kho.toml named a bucket: it has no network, and no credentials for it`;
      return [
        {
          program,
          what,
          hint: 'write it anew: kho config systemd (with the options that it was written with)',
          isOpen: false,
        },
      ];
    }
    if (found >= form) return [];
    const what = `"${top}${savedAs}" is as an older kho wrote it (form ${found}; it is ${form} now)`;
    return [
      {
        ...{ program, what, isOpen: false },
        hint: `write it anew: kho config ${program} (with the options that it was written with)`,
      },
    ];
  });
}

/** Whether a web server leaves pages of these repositories to kho: those, or all. */
function passesOn(text: string, pulls: string[], asks: string): boolean {
  return text.includes(pulledPage({ pulls })) || (asks === ASKS.apache && text.includes(asks));
}

/** Whether a service may ask other machines. */
function mayAsk(text: string): boolean {
  return !/^RestrictAddressFamilies=AF_UNIX$/m.test(text);
}

/** Whether a folder is named, and not only one whose name begins like it. */
function names(text: string, folder: string): boolean {
  for (let at = text.indexOf(folder); at >= 0; at = text.indexOf(folder, at + 1)) {
    if (/^["'\s;]|^$/.test(text.slice(at + folder.length, at + folder.length + 1))) return true;
  }
  return false;
}

function readIfThere(path: string): string | undefined {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size <= LONGEST ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
