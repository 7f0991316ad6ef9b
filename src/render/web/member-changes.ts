/** What became of a package's members from one version to the next. */
import { type Html, html } from '../html.ts';
import { nameText } from '../text-direction.ts';
import { when } from './parts.ts';
import type { TextKey } from './texts/en.ts';
import type { Words } from './words.ts';

export interface ComparedMember {
  path: string;
  /** Unpacked, in bytes. */
  size: number;
  /** Differs when the content does; where it is absent, only sizes are compared. */
  checksum?: number;
}

export interface MemberChanges {
  added: string[];
  removed: string[];
  changed: string[];
}

/** So many of each kind are named. */
const NAMED = 300;

/** Folders that bear the version are taken for the same. */
export function compareMembers(before: readonly ComparedMember[], after: readonly ComparedMember[]): MemberChanges {
  const old = new Map(before.map((member) => [withoutVersion(member.path), member]));
  const changes: MemberChanges = { added: [], removed: [], changed: [] };
  for (const member of after) {
    const path = withoutVersion(member.path);
    const memberBefore = old.get(path);
    old.delete(path);
    if (!memberBefore) changes.added.push(member.path);
    else if (memberBefore.size !== member.size || memberBefore.checksum !== member.checksum)
      changes.changed.push(member.path);
  }
  changes.removed = [...old.values()].map(({ path }) => path);
  for (const paths of [changes.added, changes.removed, changes.changed]) paths.sort();
  return changes;
}

/** `foo-1.0.dist-info/RECORD` and, in sdists, `foo-1.0/setup.py`. */
function withoutVersion(path: string): string {
  const slash = path.indexOf('/');
  const folder = path.slice(0, Math.max(slash, 0));
  const version = placeOfVersion(folder);
  if (version < 0) return path;
  const rest = folder.slice(version + '-1'.length);
  const suffix = ['.dist-info', '.data'].find((ending) => rest.endsWith(ending)) ?? '';
  return `${suffix}${path.slice(slash)}`;
}

/** Of the last dash before a digit; -1 where there is none. By hand: names of members may be as long as 64 kB. */
function placeOfVersion(folder: string): number {
  for (let dash = folder.lastIndexOf('-'); dash >= 0; dash = folder.slice(0, dash).lastIndexOf('-')) {
    if (/^\d/.test(folder.charAt(dash + 1))) return dash;
  }
  return -1;
}

/** @param since the version compared with */
export function memberChangesSection(changes: MemberChanges, since: string, words: Words): Html {
  const kinds: [TextKey, string[]][] = [
    ['membersAdded', changes.added],
    ['membersRemoved', changes.removed],
    ['membersChanged', changes.changed],
  ];
  const sections = kinds
    .filter(([, paths]) => paths.length > 0)
    .map(
      ([key, paths]) => html`<details><summary>${words.mark(key, paths.length)}</summary>
<ul class="paths">
${paths.slice(0, NAMED).map((path) => html`<li>${nameText(path)}</li>\n`)}</ul>
${when(paths.length > NAMED, () => html`<p class="quiet">${words.mark('more', paths.length - NAMED)}</p>\n`)}</details>
`,
    );
  return html`<section id="changes"><h2>${words.mark('sinceVersion', since)}</h2>
${sections.length === 0 ? html`<p>${words.mark('nothingChanged')}</p>\n` : sections}</section>
`;
}
