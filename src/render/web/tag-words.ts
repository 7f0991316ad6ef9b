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
  const rows = [
    ...python.split('.').map((tag) => row(tag, PYTHON_TAGS, words)),
    ...abi.split('.').map((tag) => row(tag, ABI_TAGS, words)),
    ...platform.split('.').map((tag) => row(tag, PLATFORM_TAGS, words)),
  ];
  return html`<dl class="tags">\n${rows}</dl>\n`;
}

function row(tag: string, known: readonly (readonly [RegExp, TextKey])[], words: Words): Html {
  for (const [pattern, key] of known) {
    const match = pattern.exec(tag);
    if (match) return html`<div><dt><code>${tag}</code></dt><dd>${words.mark(key, ...match.slice(1))}</dd></div>\n`;
  }
  return html`<div><dt><code>${tag}</code></dt><dd>${words.mark('tagUnknown')}</dd></div>\n`;
}
