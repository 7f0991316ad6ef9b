/**
 * Every key that kho.toml may have. The checks (check-settings.ts), the type of the result and the test of
 * docs/config.md all come from this one table.
 */

import { FormatError } from '../problems.ts';
import { LANGUAGES } from '../standards/languages.ts';
import { ownColourFault } from '../standards/own-colour.ts';
import { ignoredNameFault } from '../standards/passed-over.ts';
import { parseTargetPython } from '../standards/platforms/target-machine.ts';
import { PATTERN_CHARACTERS, readProjectPattern } from '../standards/project-pattern.ts';
import { parseRequirement, type Requirement } from '../standards/requirement.ts';
import { PROJECT_STATUSES } from '../standards/simple-api/types.ts';
import { bucketAddressFault, credentialKeyFault, endpointFault } from './bucket-faults.ts';
import { durationFault } from './duration.ts';
import { fileHostFault } from './file-host-fault.ts';
import { neededVersionFault } from './needed-version.ts';
import { architectureFault, glibcFault, muslFault, platformFault } from './platform-faults.ts';
import { proxyFault } from './proxy-fault.ts';
import { rateFault } from './rate.ts';
import { logoFault } from './read-logo.ts';
import { siteUrlFault } from './site-url.ts';
import { sizeFault } from './size.ts';

/** Says what is wrong with a text, to be read after the key's name; undefined when nothing is. */
type ValueCheck = (text: string) => string | undefined;

export type Shape =
  | { readonly type: 'text'; readonly check?: ValueCheck }
  | { readonly type: 'choice'; readonly values: readonly string[] }
  | { readonly type: 'list of texts'; readonly check?: ValueCheck }
  | { readonly type: 'true or false' }
  | { readonly type: 'whole number'; readonly least: number; readonly most: number }
  /** One text for all, or a table with one for each of its keys, which `checkKey` judges. */
  | { readonly type: 'text or texts by key'; readonly check: ValueCheck; readonly checkKey: ValueCheck }
  | TableShape
  /** A table whose keys the user makes up. `key` stands for them in docs. */
  | { readonly type: 'named'; readonly key: string; readonly each: Shape };

export interface TableShape {
  readonly type: 'table';
  readonly keys: Readonly<Record<string, Shape>>;
  /** What is wrong with a key that no kho will ever know, to be read after its name. */
  readonly refuses?: ValueCheck;
}

/** What a setting of that shape is once it has been checked. Absent keys stay absent. */
export type ValueOf<S> = S extends { type: 'text' }
  ? string
  : S extends { type: 'choice'; values: readonly (infer V)[] }
    ? V
    : S extends { type: 'list of texts' }
      ? string[]
      : S extends { type: 'true or false' }
        ? boolean
        : S extends { type: 'whole number' }
          ? number
          : S extends { type: 'text or texts by key' }
            ? string | Map<string, string>
            : S extends { type: 'table'; keys: infer K }
              ? { [P in keyof K]?: ValueOf<K[P]> }
              : S extends { type: 'named'; each: infer E }
                ? Map<string, ValueOf<E>>
                : never;

export const SCHEMA = {
  type: 'table',
  keys: {
    needs: { type: 'text', check: neededVersionFault },
    title: { type: 'text', check: oneLineFault },
    logo: { type: 'text', check: logoFault },
    colour: { type: 'text', check: ownColourFault },
    url: { type: 'text', check: siteUrlFault },
    files_immutable: { type: 'true or false' },
    absolute_urls: { type: 'true or false' },
    precompress: { type: 'true or false' },
    upstream: { type: 'text', check: upstreamFault },
    own: { type: 'list of texts', check: patternFault },
    shared: { type: 'list of texts', check: patternFault },
    upstreams: {
      type: 'named',
      key: 'NAME',
      each: {
        type: 'table',
        keys: {
          url: { type: 'text', check: upstreamFault },
          fresh: { type: 'text', check: durationFault },
          wait: { type: 'text', check: durationFault },
          projects: { type: 'list of texts', check: patternFault },
          hashes: { type: 'choice', values: ['required', 'optional'] },
          file_hosts: { type: 'list of texts', check: fileHostFault },
          gone: { type: 'choice', values: ['yank', 'hide'] },
          cooldown: { type: 'text', check: durationFault },
          cooldown_except: { type: 'list of texts', check: requirementFault },
          cooldown_except_from: { type: 'list of texts', check: oneLineFault },
          fixes: { type: 'true or false' },
          allow: { type: 'list of texts', check: requirementFault },
          allow_from: { type: 'list of texts', check: oneLineFault },
          deny: { type: 'list of texts', check: requirementFault },
        },
      },
    },
    trusted_proxies: { type: 'list of texts', check: proxyFault },
    connections_per_address: { type: 'whole number', least: 1, most: 1_000_000 },
    pages: { type: 'true or false' },
    language: { type: 'choice', values: LANGUAGES },
    remote_images: { type: 'true or false' },
    ignore: { type: 'list of texts', check: ignoredNameFault },
    upload: {
      type: 'table',
      keys: {
        enabled: { type: 'true or false' },
        max_file: { type: 'text', check: sizeFault },
        keep_free: { type: 'text', check: sizeFault },
        allow_http: { type: 'true or false' },
      },
    },
    locks: { type: 'list of texts', check: oneLineFault },
    limits: {
      type: 'table',
      keys: {
        log: { type: 'text', check: sizeFault },
        trash: { type: 'text', check: sizeFault },
        originals: { type: 'text', check: sizeFault },
        refused: { type: 'text', check: sizeFault },
      },
    },
    cache: {
      type: 'table',
      keys: {
        max: { type: 'text', check: sizeFault },
        min_free: { type: 'text', check: sizeFault },
      },
    },
    advisories: { type: 'table', keys: { from: { type: 'text', check: oneLineFault } } },
    follow: {
      type: 'table',
      keys: {
        url: { type: 'text', check: centreFault },
        repository: { type: 'text', check: oneLineFault },
        into: { type: 'text', check: oneLineFault },
        needs: { type: 'list of texts', check: oneLineFault },
        pythons: { type: 'list of texts', check: pythonFault },
        allowed_signers: { type: 'text', check: oneLineFault },
        revoked_keys: { type: 'text', check: oneLineFault },
        rate: { type: 'text', check: rateFault },
        parallel: { type: 'whole number', least: 1, most: 8 },
        keep: { type: 'whole number', least: 1, most: 100 },
        report: { type: 'true or false' },
      },
    },
    publish: { type: 'text', check: bucketAddressFault },
    bucket: {
      type: 'table',
      refuses: credentialKeyFault,
      keys: {
        endpoint: { type: 'text', check: endpointFault },
        region: { type: 'text', check: oneLineFault },
        profile: { type: 'text', check: oneLineFault },
        path_style: { type: 'true or false' },
        insecure: { type: 'true or false' },
        sse: { type: 'choice', values: ['AES256', 'aws:kms', 'aws:kms:dsse'] },
        sse_key: { type: 'text', check: oneLineFault },
        grace: { type: 'text', check: durationFault },
        parallel: { type: 'whole number', least: 1, most: 256 },
        pages: { type: 'true or false' },
        pypi: { type: 'true or false' },
        feeds: { type: 'true or false' },
        slash_keys: { type: 'true or false' },
        precompress: { type: 'true or false' },
        with_private: { type: 'true or false' },
      },
    },
    repositories: {
      type: 'named',
      key: 'NAME',
      each: {
        type: 'table',
        keys: {
          include: { type: 'list of texts' },
          upstreams: { type: 'list of texts' },
          only_runnable: { type: 'true or false' },
          platforms: { type: 'list of texts', check: platformFault },
          glibc: { type: 'text or texts by key', check: glibcFault, checkKey: architectureFault },
          musl: { type: 'text', check: muslFault },
          overwrite: { type: 'true or false' },
          private: { type: 'true or false' },
          sync: { type: 'true or false' },
          sign: { type: 'true or false' },
          retag: { type: 'true or false' },
          prune: {
            type: 'table',
            keys: {
              keep_versions: { type: 'whole number', least: 1, most: 100_000 },
              keep_days: { type: 'whole number', least: 1, most: 36_500 },
              prereleases_days: { type: 'whole number', least: 1, most: 36_500 },
              dev_days: { type: 'whole number', least: 1, most: 36_500 },
              keep: { type: 'list of texts', check: requirementFault },
              max_share: { type: 'whole number', least: 1, most: 100 },
            },
          },
          mirror: {
            type: 'table',
            keys: {
              from: { type: 'text', check: oneLineFault },
              projects: { type: 'list of texts', check: orderFault },
              needs: { type: 'list of texts', check: oneLineFault },
              pythons: { type: 'list of texts', check: pythonFault },
              releases: { type: 'whole number', least: 1, most: 1000 },
              dependencies: { type: 'true or false' },
              sdists: { type: 'true or false' },
              prereleases: { type: 'true or false' },
              remove_after: { type: 'text', check: durationFault },
            },
          },
          projects: {
            type: 'named',
            key: 'PROJECT',
            each: {
              type: 'table',
              keys: {
                status: { type: 'choice', values: PROJECT_STATUSES },
                reason: { type: 'text', check: oneLineFault },
              },
            },
          },
        },
      },
    },
  },
} as const satisfies TableShape;

export type Settings = ValueOf<typeof SCHEMA>;

/** All keys with a value, as docs name them: `repositories.NAME.include`. */
export function keysOf(shape: Shape, path = ''): string[] {
  const below = (key: string) => (path ? `${path}.${key}` : key);
  if (shape.type === 'table') return Object.entries(shape.keys).flatMap(([key, value]) => keysOf(value, below(key)));
  if (shape.type === 'named') return keysOf(shape.each, below(shape.key));
  return [path];
}

/** Of another index. */
function upstreamFault(text: string): string | undefined {
  return addressFault(text, 'https://index.example/simple/');
}

/** Of the site that is followed. */
function centreFault(text: string): string | undefined {
  return addressFault(text, 'https://packages.example.org/');
}

/** It may hold name and password. */
function addressFault(text: string, example: string): string | undefined {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return undefined;
  return `must be an address that starts with https:// or http://, like "${example}"`;
}

/** Of names of projects. */
function patternFault(text: string): string | undefined {
  if (readProjectPattern(text) !== undefined) return undefined;
  return `must be a name of a project, or of several like "farm-*": it may hold ${PATTERN_CHARACTERS}`;
}

/** Of projects and versions, with nothing else of what a requirement may say. */
function requirementFault(text: string): string | undefined {
  return faultOfRequirement(text, ({ extras, url, marker }) => extras.length > 0 || url !== undefined || !!marker);
}

/** As `requirementFault`, but that extras may be named. */
function orderFault(text: string): string | undefined {
  return faultOfRequirement(text, ({ url, marker }) => url !== undefined || !!marker);
}

function faultOfRequirement(text: string, saysMore: (requirement: Requirement) => boolean): string | undefined {
  try {
    return saysMore(parseRequirement(text)) ? 'must be a name with versions, like "farm<2"' : undefined;
  } catch (error) {
    if (error instanceof FormatError) return 'must be a name with versions, like "farm<2"';
    throw error;
  }
}

function pythonFault(text: string): string | undefined {
  try {
    parseTargetPython(text);
    return undefined;
  } catch (error) {
    if (error instanceof FormatError) return 'must be a version of Python, like "3.12"';
    throw error;
  }
}

function oneLineFault(text: string): string | undefined {
  if (text.trim() === '') return 'may not be empty';
  return /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text) ? 'must be one line, without control characters' : undefined;
}
