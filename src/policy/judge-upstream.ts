/** Which files of another index are listed, and why the others are not. The own files of a site are not judged here, nor anywhere like it. */
import { malwareIn } from '../standards/osv/advisory.ts';
import { specifierSetContains } from '../standards/specifier.ts';
import { versionKey } from '../standards/version.ts';
import { type Early, fixesEarly } from './early-fixes.ts';
import type { OfferedFile, Policy, ReleaseRule, UpstreamRefusal } from './policy.ts';
import { releaseTimes } from './release-times.ts';

export interface Judgement<File> {
  /** In the order of the page. */
  listed: File[];
  refused: { file: File; why: UpstreamRefusal }[];
  /** Files whose times have to be remembered from now on, for `Policy.firstSeen`: `seenKey` of each. */
  unseen: string[];
  /** Releases that are listed although they are young. */
  early: Early[];
  /** When another judgement may come out differently because time has passed, in milliseconds since 1970. */
  changesAtMs?: number;
}

/** @param nowMs milliseconds since 1970 */
export function judgeUpstream<File extends OfferedFile>(
  { files }: { readonly files: readonly File[] },
  policy: Policy,
  nowMs: number,
): Judgement<File> {
  const judgement: Judgement<File> = { listed: [], refused: [], unseen: [], early: [] };
  const early = new Map<string, Early>();
  for (const release of releasesOf(files)) {
    const [{ version } = {}] = release;
    const whole = refusalOfRelease(version, policy);
    const isEarly = whole || version === undefined ? undefined : fixesEarly(version, policy);
    const times = releaseTimes(release, policy, nowMs);
    judgement.unseen.push(...times.unseen);
    for (const [place, file] of release.entries()) {
      const untilMs = times.untilMs[place] as number;
      const why =
        whole ??
        refusalOfFile(file, policy) ??
        (isEarly ? undefined : cooldown(file, untilMs, times.releaseMs, policy, nowMs));
      if (why) judgement.refused.push({ file, why });
      else judgement.listed.push(file);
      if (why?.kind === 'cooldown')
        judgement.changesAtMs = Math.min(judgement.changesAtMs ?? Number.POSITIVE_INFINITY, why.untilMs);
      if (isEarly && !why && untilMs > nowMs) early.set(isEarly.version, isEarly);
    }
  }
  judgement.early = [...early.values()];
  return inOrderOf(files, judgement);
}

/** Files by version, equal spellings together; those of which the version is not known are one release each. */
function releasesOf<File extends OfferedFile>(files: readonly File[]): File[][] {
  const releases = new Map<string, File[]>();
  for (const file of files) {
    const key = file.version === undefined ? `? ${file.filename}` : versionKey(file.version);
    const release = releases.get(key);
    if (release) release.push(file);
    else releases.set(key, [file]);
  }
  return [...releases.values()];
}

function refusalOfRelease(version: string | undefined, { advisories, deny = [] }: Policy): UpstreamRefusal | undefined {
  const malware = malwareIn(advisories, version);
  if (malware) return { kind: 'malware', id: malware.id };
  const denied = deny.find((rule) => version === undefined || hasVersion(rule, version));
  return denied && { kind: 'deny', rule: denied.specifiers };
}

function refusalOfFile(file: OfferedFile, { allow }: Policy): UpstreamRefusal | undefined {
  if (!allow || allow.some((rule) => isNamed(rule, file))) return undefined;
  const isOtherwise = allow.some((rule) => file.version !== undefined && hasVersion(rule, file.version));
  return { kind: 'allow', lacks: isOtherwise ? 'hash' : 'version' };
}

function cooldown(
  file: OfferedFile,
  untilMs: number,
  releaseMs: number,
  { cooldownExcept = [] }: Policy,
  nowMs: number,
): UpstreamRefusal | undefined {
  if (untilMs <= nowMs || cooldownExcept.some((rule) => isNamed(rule, file))) return undefined;
  return { kind: 'cooldown', untilMs, by: untilMs === releaseMs ? 'release' : 'file' };
}

function isNamed(rule: ReleaseRule, { version, sha256 }: OfferedFile): boolean {
  if (version === undefined || !hasVersion(rule, version)) return false;
  return rule.sha256s === undefined || (sha256 !== undefined && rule.sha256s.has(sha256));
}

/** What cannot be read was told of when settings were read, and names nothing. */
function hasVersion({ specifiers }: ReleaseRule, version: string): boolean {
  try {
    return specifierSetContains(specifiers, version);
  } catch {
    return false;
  }
}

function inOrderOf<File extends OfferedFile>(files: readonly File[], judgement: Judgement<File>): Judgement<File> {
  const listed = new Set(judgement.listed);
  const why = new Map(judgement.refused.map((one) => [one.file, one]));
  return {
    ...judgement,
    listed: files.filter((file) => listed.has(file)),
    refused: files.flatMap((file) => why.get(file) ?? []),
  };
}
