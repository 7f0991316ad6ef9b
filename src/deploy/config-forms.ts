/**
 * Which form a configuration has that `kho config` wrote: a number that goes up with each change of what is written there for all sites, so
 * that an old one is known for what it is. config-forms.test.ts tells whoever changes one without the other.
 */
import { readFileSync, statSync } from 'node:fs';

/** In bytes; what is longer was not written by kho. */
const LONGEST = 256 * 1024;

/** The form that this kho writes, and where its first lines say to save it. Without a line that names it, it is the first. */
export const CONFIGURATIONS = {
  nginx: { form: 4, savedAs: '/etc/nginx/conf.d/kho.conf' },
  caddy: { form: 4, savedAs: '/etc/caddy/Caddyfile' },
  apache: { form: 4, savedAs: '/etc/apache2/sites-available/kho.conf' },
  systemd: { form: 1, savedAs: '/etc/systemd/system/kho.service' },
  cron: { form: 1, savedAs: '/etc/cron.d/kho' },
} as const;

export type ConfiguredProgram = keyof typeof CONFIGURATIONS;

/** What stands first in each. */
export function formLine(program: ConfiguredProgram, version: string): string {
  return `# kho config ${program}, form ${CONFIGURATIONS[program].form}, as kho ${version} writes it.\n`;
}

/** Undefined for what is no configuration of that program by kho. */
export function formOf(text: string, program: ConfiguredProgram): number | undefined {
  const named = [...text.matchAll(/^# kho config ([a-z]+), form ([0-9]{1,6}),/gm)].find(([, of]) => of === program);
  if (named) return Number(named[2]);
  return text.split('\n').some((line) => line.startsWith('# ') && /\bby kho\b/.test(line)) ? 1 : undefined;
}

export interface OldConfiguration {
  program: ConfiguredProgram;
  /** One line, that reads on after "kho: "; no full stop. */
  what: string;
  /** The way out; one line, no full stop. */
  hint: string;
}

/**
 * Configurations on this machine, where their first lines say to save them, that are about this site and of an older form. What cannot be
 * read is passed over: it may be anybody's.
 *
 * @param root of the site, absolute
 * @param top what stands before `/etc`, for tests
 */
export function oldConfigurations(root: string, top = ''): OldConfiguration[] {
  return (Object.keys(CONFIGURATIONS) as ConfiguredProgram[]).flatMap((program) => {
    const { form, savedAs } = CONFIGURATIONS[program];
    const text = readIfThere(top + savedAs);
    const found = text !== undefined && names(text, root) ? formOf(text, program) : undefined;
    if (found === undefined || found >= form) return [];
    const what = `"${top}${savedAs}" is as an older kho wrote it (form ${found}; it is ${form} now)`;
    return [
      { program, what, hint: `write it anew: kho config ${program} (with the options that it was written with)` },
    ];
  });
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
