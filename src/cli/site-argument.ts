/** Where a command takes its site from: a positional where it has no other, and --site in all. */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { KhoError } from '../errors.ts';

export const SITE_ARGUMENT = ['[site]', 'the folder of the site; looked for from here upwards when left out'] as const;
export const SITE_OPTION = ['--site <dir>', 'the same, as an option'] as const;

/** @throws {KhoError} USAGE when both are given and name two folders */
export function chooseSite(positional: string | undefined, option: string | undefined): string | undefined {
  if (positional !== undefined && option !== undefined && real(positional) !== real(option)) {
    throw new KhoError('USAGE', `Cannot use two sites: "${positional}" and --site "${option}"`, {
      hint: 'leave one of them out',
    });
  }
  const site = positional ?? option;
  if (site === '') throw new KhoError('USAGE', 'Cannot use a site without a name', { hint: 'name a folder' });
  return site;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path); // What is wrong with it is reported when it is opened.
  }
}
