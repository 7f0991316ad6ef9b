/** The tags of a wheel's name, in words: which Pythons, which machines. */
import { type Html, html } from '../html.ts';
import type { TextKey } from './texts/en.ts';
import type { Words } from './words.ts';

/** Tags by their shape, with the text that explains them; groups of the pattern become its values. The first that fits counts. */
const PYTHON_TAGS: readonly (readonly [RegExp, TextKey])[] = [
  [/^py([23])$/, 'tagAnyPython'],
  [/^py(\d)(\d+)$/, 'tagPythonFrom'],
  [/^cp(\d)(\d+)$/, 'tagCPython'],
  [/^pp(\d)(\d+)$/, 'tagPyPy'],
  [/^graalpy(\d)(\d+)$/, 'tagGraalPy'],
];

const ABI_TAGS: readonly (readonly [RegExp, TextKey])[] = [
  [/^none$/, 'tagNoAbi'],
  [/^abi3$/, 'tagStableAbi'],
  [/^cp\d+t$/, 'tagFreeThreaded'],
  [/^cp(\d)(\d+)[dmu]*$/, 'tagCPythonAbi'],
  [/^pypy/, 'tagPyPyAbi'],
];

const PLATFORM_TAGS: readonly (readonly [RegExp, TextKey])[] = [
  [/^any$/, 'tagAnyPlatform'],
  [/^manylinux_(\d+)_(\d+)_(.+)$/, 'tagManylinux'],
  [/^manylinux(1|2010|2014)_(.+)$/, 'tagOldManylinux'],
  [/^musllinux_(\d+)_(\d+)_(.+)$/, 'tagMusllinux'],
  [/^linux_(.+)$/, 'tagLinux'],
  [/^macosx_(\d+)_(\d+)_universal2$/, 'tagMacosUniversal'],
  [/^macosx_(\d+)_(\d+)_(.+)$/, 'tagMacos'],
  [/^win32$/, 'tagWindows32'],
  [/^win_(.+)$/, 'tagWindows'],
];

export function tagTable(
  { python, abi, platform }: { python: string; abi: string; platform: string },
  words: Words,
): Html {
  // `cp311-cp311-…`: one tag that says two things.
  const meanings = new Map<string, Html[]>();
  const explain = (tags: string, meaningsOfKind: readonly (readonly [RegExp, TextKey])[]) => {
    for (const tag of tags.split('.'))
      meanings.set(tag, [...(meanings.get(tag) ?? []), meaningOf(tag, meaningsOfKind, words)]);
  };
  explain(python, PYTHON_TAGS);
  explain(abi, ABI_TAGS);
  explain(platform, PLATFORM_TAGS);
  const rows = [...meanings].map(
    ([tag, texts]) => html`<div><dt><code>${tag}</code></dt>${texts.map((text) => html`<dd>${text}</dd>`)}</div>\n`,
  );
  return html`<dl class="tags">\n${rows}</dl>\n`;
}

function meaningOf(tag: string, meaningsOfKind: readonly (readonly [RegExp, TextKey])[], words: Words): Html {
  for (const [pattern, key] of meaningsOfKind) {
    const match = pattern.exec(tag);
    if (match) return words.mark(key, ...match.slice(1));
  }
  return words.mark('tagUnknown');
}
