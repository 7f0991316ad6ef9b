import { hash } from 'node:crypto';
import type { Project, Release } from '../catalog/model.ts';
import { RENDER_VERSION, type RenderContext } from './page.ts';

/** 132 bits of SHA-256 are enough to tell two states of a page apart, and keep the manifest short. In characters. */
const FINGERPRINT_LENGTH = 22;

/** There are few contexts, they all stand before the same paths: 48 bits will do. In characters. */
const CONTEXT_LENGTH = 8;

/** Several pages show the same project or release; nothing in the catalog changes once it is made. */
const fingerprints = new WeakMap<Project | Release, string>();

/** By repository and URL; a run has one for each repository. */
const knownContexts = new Map<string, string>();

/** A short text that differs when anything in the value (as JSON has it) differs, or when this kho renders differently. */
export function fingerprint(value: unknown): string {
  return hash('sha256', JSON.stringify([RENDER_VERSION, value]), 'base64url').slice(0, FINGERPRINT_LENGTH);
}

/** Stands for all that a page about one release shows. What is inside its files is covered by their hashes. */
export function releaseInputs(release: Release, context: RenderContext): string {
  return contextFingerprint(context) + remember(fingerprints, release, () => fingerprint(releaseState(release)));
}

/** Stands for all that a page about a project shows. */
export function projectInputs(project: Project, context: RenderContext): string {
  return contextFingerprint(context) + remember(fingerprints, project, () => fingerprint(projectState(project)));
}

function contextFingerprint({ repository, siteUrl }: RenderContext): string {
  const make = () => fingerprint([repository, siteUrl]).slice(0, CONTEXT_LENGTH);
  return remember(knownContexts, `${repository}/${siteUrl ?? ''}`, make);
}

function releaseState({ version, files }: Release): unknown {
  return [
    version,
    files.map((file) => [
      ...[file.filename, file.kind, file.repository, file.path, file.name, file.version, file.sha256, file.size],
      ...[file.uploadedMs, file.requiresPython, file.metadataSha256, file.signed, file.yanked, file.provenance],
      ...[file.binaries, file.passedOver],
    ]),
  ];
}

function projectState({ name, displayName, status, statusReason, latest, releases }: Project): unknown {
  return [
    ...[name, displayName, status, statusReason, latest?.version],
    releases.map((release) => remember(fingerprints, release, () => fingerprint(releaseState(release)))),
  ];
}

function remember<K>(memory: Memory<K>, key: K, make: () => string): string {
  let text = memory.get(key);
  if (text === undefined) {
    text = make();
    memory.set(key, text);
  }
  return text;
}

interface Memory<K> {
  get(key: K): string | undefined;
  set(key: K, value: string): unknown;
}
