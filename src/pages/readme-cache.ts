import { hash } from 'node:crypto';
import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { makeFolder, removeFile, removeFolder, rename, writeNewFile } from '../io/disk.ts';
import { look, namesIn, readText } from '../io/open-file.ts';
import { isAbandonedByOther, temporaryName } from '../io/temporary-name.ts';
import { stateFolder } from '../publish/state-folder.ts';
import type { RenderedDescription } from '../readme/render-description.ts';

/** Raised whenever what is kept below changes its form. */
const FORMAT = 1;

/** A longer one is not kept: its source may be 256 kB at most, so that it is rendered in a moment, or hardly anything but tags. In characters. */
const LONGEST_KEPT = 512 * 1024;

/** All of them together, in bytes. What is beyond that goes, those written first before the others, and is rendered again when it is asked for. */
const MOST_BYTES = 256 * 1024 * 1024;

/** In bytes: a character takes three at most, and there is a line of facts. */
const LARGEST_ENTRY = 3 * LONGEST_KEPT + 1024;

const folderOf = (root: string) => join(stateFolder(root), 'readmes');

/**
 * Rendered descriptions, a file each, by a fingerprint of all that they are made from: most versions of a project say the same of themselves,
 * and rendering is half of the work for pages. Losing them costs that work, so nothing here is flushed, and none that cannot be written
 * stops a run. Threads, and runs, share the folder: each entry appears whole, and all who write it write the same.
 */
export class ReadmeCache {
  readonly #folder: string;
  readonly #mayWrite: boolean;

  /** @param root of the published site */
  constructor(root: string, { mayWrite = true } = {}) {
    this.#folder = folderOf(root);
    this.#mayWrite = mayWrite;
  }

  /** Rendered before, or now. */
  async remember(
    print: string,
    render: () => Promise<RenderedDescription | undefined>,
  ): Promise<RenderedDescription | undefined> {
    const kept = this.#get(print);
    if (kept) return kept;
    const rendered = await render();
    if (rendered && this.#mayWrite && rendered.html.length <= LONGEST_KEPT) this.#put(print, rendered);
    return rendered;
  }

  /** Undefined where there is none, or none that is whole: a power cut may leave a part. */
  #get(print: string): RenderedDescription | undefined {
    try {
      const text = readText(join(this.#folder, print));
      const end = text.indexOf('\n');
      const { format, sum, ...rest } = JSON.parse(text.slice(0, end));
      const html = text.slice(end + 1);
      return format === FORMAT && sum === sumOf(html) ? { ...rest, html } : undefined;
    } catch {
      return undefined;
    }
  }

  #put(print: string, { html, ...rest }: RenderedDescription): void {
    const temporary = join(this.#folder, temporaryName());
    try {
      if (!look(this.#folder)) makeFolder(this.#folder);
      writeNewFile(temporary, `${JSON.stringify({ format: FORMAT, sum: sumOf(html), ...rest })}\n${html}`);
      rename(temporary, join(this.#folder, print));
    } catch (error) {
      if (!(error instanceof KhoError)) throw error; // the disk is full, or another run has just turned pages off
    }
  }
}

/** Remove those that no project shows any more, and what is too much of the others. @throws {KhoError} WRITE */
export function sweepReadmes(root: string, used: ReadonlySet<string>, mostBytes = MOST_BYTES): void {
  const folder = folderOf(root);
  const kept: string[] = [];
  for (const name of namesIn(folder)) {
    if (used.has(name)) kept.push(name);
    else if (!name.startsWith('.') || isAbandonedByOther(name)) removeFile(join(folder, name));
  }
  if (kept.length * LARGEST_ENTRY > mostBytes) removeOldest(folder, kept, mostBytes);
}

function removeOldest(folder: string, names: readonly string[], mostBytes: number): void {
  const entries = names.flatMap((name) => {
    const stats = look(join(folder, name));
    return stats ? [{ name, size: stats.size, modifiedMs: stats.mtimeMs }] : [];
  });
  let bytes = entries.reduce((sum, { size }) => sum + size, 0);
  if (bytes <= mostBytes) return;
  for (const { name, size } of entries.sort((a, b) => a.modifiedMs - b.modifiedMs)) {
    if (bytes <= mostBytes) return;
    removeFile(join(folder, name));
    bytes -= size;
  }
}

export function forgetReadmes(root: string): void {
  removeFolder(folderOf(root));
}

function sumOf(html: string): string {
  return hash('sha256', html, 'base64url');
}
