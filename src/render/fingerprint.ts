import { hash } from 'node:crypto';
import type { Project, Release } from '../catalog/model.ts';
import { RENDER_VERSION } from './page.ts';

/** 132 bits of SHA-256 are enough to tell two states of a page apart, and keep the manifest short. In characters. */
const FINGERPRINT_LENGTH = 22;

/** Several pages show the same release; a release in the catalog never changes. */
const releaseFingerprints = new WeakMap<Release, string>();

/** A short text that differs when any of the parts, their order or their borders differ, or this kho renders differently. */
export function fingerprint(...parts: readonly (string | undefined)[]): string {
  return hash('sha256', JSON.stringify([RENDER_VERSION, ...parts]), 'base64url').slice(0, FINGERPRINT_LENGTH);
}

/** Stands for all that pages show of a release. What is inside its files is covered by their hashes. */
export function releaseFingerprint(release: Release): string {
  let known = releaseFingerprints.get(release);
  if (known === undefined) {
    const files = release.files.map((file) => [
      ...[file.filename, file.kind, file.repository, file.path, file.name, file.version, file.sha256, file.size],
      ...[file.uploadedMs, file.requiresPython, file.metadataSha256, file.signed, file.yanked, file.provenance],
    ]);
    known = fingerprint(release.version, JSON.stringify(files));
    releaseFingerprints.set(release, known);
  }
  return known;
}

/** Stands for all that pages show of a project. */
export function projectFingerprint(project: Project): string {
  const { name, displayName, status, statusReason, latest, releases } = project;
  return fingerprint(name, displayName, status, statusReason, latest?.version, ...releases.map(releaseFingerprint));
}
