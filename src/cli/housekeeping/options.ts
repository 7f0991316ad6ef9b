/** What commands that change published files have in common. */
import { SITE_ARGUMENT } from '../site-argument.ts';

export const WHAT_ARGUMENT = [
  '<what...>',
  'files, or versions of projects: farm-1.4-py3-none-any.whl, "farm==1.4"',
] as const;
export const SITE = ['--site <dir>', SITE_ARGUMENT[1]] as const;
export const IN_OPTION = ['--in <repository>', 'in this repository alone; in all that hold it when left out'] as const;
export const NO_BUILD = ['--no-build', 'leave it to the next build, or to what watches, to publish that'] as const;
export const JSON_OPTION = ['--json', 'print what was done as JSON, and nothing else'] as const;

export const AT_OPTION = [
  '--at <url>',
  'ask a site that kho serves, with the token in KHO_TOKEN or .netrc, instead of changing a folder',
] as const;

export const ALLOW_HTTP = [
  '--allow-http',
  'with --at: send the token over plain http to another machine, where nobody is on the way who could read it',
] as const;

/** Of a site that is asked in the place of a folder. */
export interface RemoteOptions {
  at?: string | undefined;
  allowHttp?: true | undefined;
}

export interface HousekeepingOptions extends RemoteOptions {
  site?: string | undefined;
  in?: string | undefined;
  build: boolean;
  json?: true | undefined;
}
