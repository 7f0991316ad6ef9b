/** The kho.toml that a new site starts with. Pure. */

import { platformsOfName, platformText } from '../standards/platforms/platform.ts';

export interface StarterSettings {
  title?: string;
  url?: string;
  /** Of repositories, as named by the user; empty when the site itself is the only one. */
  names: readonly string[];
}

/** By that name people keep what fits every machine: pure wheels and sdists. */
export const SHARED_NAME = 'common';

/** With something to say for everything that a site may want at first; what is not known yet is a comment. */
export function starterSettings({ title, url, names }: StarterSettings): string {
  const others = names.filter((name) => name !== SHARED_NAME);
  const including = names.includes(SHARED_NAME) ? others : [];
  const example = others[0] ?? 'glibc';
  const project = including.length > 0 || names.includes(SHARED_NAME) ? SHARED_NAME : (names[0] ?? '.');
  return `# Settings of a site of Python packages, for kho. docs/config.md in its sources lists all of them.
# Folders say what the site has: each folder beside this file that has a packages/ in it is a repository.

# What the site is called on its front page.
${title === undefined ? '# title = "Python packages"' : `title = ${text(title)}`}

# The address of this folder as clients see it. kho config and kho doctor know it from here.
${url === undefined ? '# url = "https://packages.example.org"' : `url = ${text(url)}`}

# For which machines a repository is (docs/platforms.md), and which others it lists beside its own files: what fits every machine is kept once.
${names.some((name) => platformLine(name) !== '') || including.length > 0 ? names.map((name) => tableLines(name, including)).join('') : comment(includeLines(example))}
# Another index that clients reach through the repositories that name it (upstreams = ["public"]; docs/upstreams.md), and how old its files
# have to be, since most that were planted are found within days (docs/supply-chain.md).
${comment('[upstreams.public]\ncooldown = "7d"\n')}
# The state of a project (PEP 792): active, archived, deprecated or quarantined.
${comment(`[repositories.${key(project)}.projects.some-project]\nstatus = "deprecated"\nreason = "use another-project instead"\n`)}`;
}

function tableLines(name: string, including: readonly string[]): string {
  const include = including.includes(name) ? `include = [${text(SHARED_NAME)}]\n` : '';
  const lines = `${include}${platformLine(name)}`;
  return lines === '' ? '' : `[repositories.${key(name)}]\n${lines}\n`;
}

/** What the name says, written down: else each build would have to guess, and say so. */
function platformLine(name: string): string {
  const platforms = platformsOfName(name);
  if (!platforms) return '';
  return `platforms = [${platforms.map((platform) => text(platformText(platform))).join(', ')}]\n`;
}

/** Lets a repository list what fits every machine. */
export function includeLines(name: string): string {
  return `[repositories.${key(name)}]\ninclude = [${text(SHARED_NAME)}]\n`;
}

function comment(lines: string): string {
  return lines.replace(/^(?=.)/gm, '# ');
}

function key(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : text(name);
}

/** A basic string of TOML takes every escape of JSON. */
function text(value: string): string {
  return JSON.stringify(value).replaceAll('\x7f', '\\u007f');
}
