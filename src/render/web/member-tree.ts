/** What is in a package, as a tree that unfolds without a script. */
import { Html, html } from '../html.ts';
import { nameText } from '../text-direction.ts';
import { when } from './parts.ts';
import type { Words } from './words.ts';

export interface ShownMember {
  /** With `/`. */
  path: string;
  /** Unpacked, in bytes. */
  size: number;
}

/** So many are shown: more than nearly every package has, and a page of some hundred kilobytes. */
const SHOWN_MEMBERS = 4000;

/** Trees of up to so many members are unfolded from the start. */
const UNFOLDED = 60;

/** Deeper folders are shown as one with a longer name: nothing on a page nests without end. */
const DEEPEST = 12;

interface MemberFolder {
  folders: Map<string, MemberFolder>;
  files: { name: string; size: number }[];
  count: number;
  bytes: number;
}

const emptyFolder = (): MemberFolder => ({ folders: new Map(), files: [], count: 0, bytes: 0 });

/** @param members files only */
export function memberTree(members: readonly ShownMember[], words: Words): Html {
  const root = emptyFolder();
  for (const member of members.slice(0, SHOWN_MEMBERS)) add(root, member);
  const left = members.length - SHOWN_MEMBERS;
  const tree = folderList(root, members.length <= UNFOLDED, words);
  return html`<div class="tree" id="members" data-filter-list>
${tree}</div>
${when(left > 0, () => html`<p class="quiet">${words.mark('moreMembers', left)}</p>\n`)}`;
}

function add(root: MemberFolder, { path, size }: ShownMember): void {
  const parts = path.split('/');
  const name = parts.slice(Math.min(parts.length - 1, DEEPEST)).join('/');
  let folder = root;
  for (const part of parts.slice(0, Math.min(parts.length - 1, DEEPEST))) {
    let below = folder.folders.get(part);
    if (!below) {
      below = emptyFolder();
      folder.folders.set(part, below);
    }
    below.count++;
    below.bytes += size;
    folder = below;
  }
  folder.files.push({ name, size });
}

/** Put together as text: some packages have thousands of members. */
function folderList({ folders, files }: MemberFolder, open: boolean, words: Words): Html {
  const byName = (a: string, b: string) => (a < b ? -1 : 1);
  let text = '<ul>\n';
  for (const [name, folder] of [...folders].sort(([a], [b]) => byName(a, b))) {
    const inside = folderList(folder, open, words);
    text +=
      html`<li class="folder"><details${new Html(open ? ' open' : '')}><summary>${nameText(name)}/ <span class="quiet">${words.number(folder.count)} · ${words.sizeText(folder.bytes)}</span></summary>\n${inside}</details></li>\n`
        .text;
  }
  for (const { name, size } of files.sort((a, b) => byName(a.name, b.name))) {
    text += html`<li>${nameText(name)} <span class="quiet">${words.sizeText(size)}</span></li>\n`.text;
  }
  return new Html(`${text}</ul>\n`);
}
