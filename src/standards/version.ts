/**
 * Versions: reading, normal form, order.
 *
 * Source: PyPA "Version specifiers" (PEP 440). What is no PEP 440 version is a legacy version: it is kept as
 * written, without the white space around it, and sorts below all valid ones.
 */
import { TEXT_LIMITS } from './text-limits.ts';
import { keyOf, legacyVersionKey, type ParsedVersion } from './version-key.ts';
import { stripWhiteSpace } from './white-space.ts';

/** Negative when `a` is older than `b`, 0 when they are equal (1.0 and 1.0.0), positive when it is newer. */
export function compareVersions(a: string, b: string): number {
  const keyOfA = known(a).key;
  const keyOfB = known(b).key;
  return keyOfA < keyOfB ? -1 : keyOfA > keyOfB ? 1 : 0;
}

/** The spelling of PEP 440, trailing zeros kept: `v1.0-RC-2` is `1.0rc2`. A legacy version stays as written. */
export function normalizeVersion(text: string): string {
  const { parsed } = known(text);
  return parsed ? formatVersion(parsed) : stripWhiteSpace(text);
}

export function isValidVersion(text: string): boolean {
  return known(text).parsed !== undefined;
}

/** Whether installers take it only when asked for. A legacy version is none. */
export function isPrerelease(text: string): boolean {
  const { parsed } = known(text);
  return parsed?.pre !== undefined || parsed?.dev !== undefined;
}

/** Equal for equal versions (1.0, 1.0.0 and v1), and sorts as they do. No text to show to anyone. */
export function versionKey(text: string): string {
  return known(text).key;
}

/** @returns undefined for a legacy version. */
export function parseVersion(text: string): ParsedVersion | undefined {
  return known(text).parsed;
}

export function formatVersion({ epoch, release, pre, post, dev, local }: ParsedVersion): string {
  let text = epoch === '0' ? release : `${epoch}!${release}`;
  if (pre) text += pre.stage + pre.number;
  if (post !== undefined) text += `.post${post}`;
  if (dev !== undefined) text += `.dev${dev}`;
  return local === undefined ? text : `${text}+${local}`;
}

interface KnownVersion {
  parsed: ParsedVersion | undefined;
  key: string;
}

/** In versions, and in characters of one. When it is full the cache starts anew: slower, never wrong. */
const CACHE_LIMIT = 16_384;
const CACHED_LENGTH_LIMIT = 64;
const cache = new Map<string, KnownVersion>();

function known(text: string): KnownVersion {
  const cached = cache.get(text);
  if (cached) return cached;
  const stripped = stripWhiteSpace(text);
  const parsed = parse(stripped);
  const version = { parsed, key: parsed ? keyOf(parsed) : legacyVersionKey(stripped) };
  if (text.length <= CACHED_LENGTH_LIMIT) {
    if (cache.size >= CACHE_LIMIT) cache.clear();
    cache.set(text, version);
  }
  return version;
}

const PATTERN = new RegExp(
  [
    '^v?(?:([0-9]+)!)?([0-9]+(?:\\.[0-9]+)*)',
    '(?:[._-]?(alpha|a|beta|b|preview|pre|c|rc)[._-]?([0-9]*))?',
    '(?:-([0-9]+)|[._-]?(post|rev|r)[._-]?([0-9]*))?',
    '(?:[._-]?(dev)[._-]?([0-9]*))?',
    '(?:\\+([a-z0-9]+(?:[._-][a-z0-9]+)*))?$',
  ].join(''),
);

const STAGES = { a: 'a', alpha: 'a', b: 'b', beta: 'b', c: 'rc', rc: 'rc', pre: 'rc', preview: 'rc' } as const;

function parse(stripped: string): ParsedVersion | undefined {
  if (stripped.length > TEXT_LIMITS.versionLength || NOT_ASCII.test(stripped)) return undefined;
  const match = PATTERN.exec(stripped.toLowerCase());
  if (!match) return undefined;
  const [, epoch, release, stage, preNumber, barePost, postWord, postNumber, devWord, devNumber, local] = match;
  const post = barePost ?? (postWord && (postNumber ?? ''));
  return {
    epoch: integer(epoch),
    release: release!.split('.').map(integer).join('.'),
    ...(stage && { pre: { stage: STAGES[stage as keyof typeof STAGES], number: integer(preNumber) } }),
    ...(post !== undefined && { post: integer(post) }),
    ...(devWord && { dev: integer(devNumber) }),
    ...(local && { local: local.split(/[._-]/).map(localPart).join('.') }),
  };
}

/** Lower-casing turns a few other letters (the Kelvin sign) into ASCII ones, so they are refused before. */
const NOT_ASCII = /[^\x00-\x7f]/;

/** Without leading zeros; nothing written is 0. */
function integer(digits: string | undefined): string {
  if (!digits) return '0';
  return digits.startsWith('0') ? digits.replace(/^0+(?=.)/, '') : digits;
}

function localPart(part: string): string {
  return /^[0-9]+$/.test(part) ? integer(part) : part;
}
