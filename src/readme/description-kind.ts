export type DescriptionKind = 'markdown' | 'rst' | 'text';

/**
 * How a description is to be read. Without a type the standard says reStructuredText; tools from before there was one let
 * people write Markdown too, and never told.
 *
 * Source: PyPA "Core metadata specifications", `Description-Content-Type`.
 */
export function descriptionKind(text: string, contentType: string | undefined): DescriptionKind {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type === 'text/markdown' || type === 'text/x-markdown') return 'markdown';
  if (type === 'text/plain') return 'text';
  if (type === 'text/x-rst') return 'rst';
  return looksLikeMarkdown(text) ? 'markdown' : 'rst';
}

/** What only one of the two has: headings with `#`, fences and `[words](address)`, or underlined titles, `.. ` and `::`. */
const MARKDOWN = /^(?:#{1,4} \S|```)|\]\((?:https?:|#)/gm;
const RESTRUCTURED = /^(?:([=\-~^"'+*#])\1{3,}|\.\. \S.*)[ \t]*$|::[ \t]*$|`_\b/gm;

function looksLikeMarkdown(text: string): boolean {
  const start = text.slice(0, 20_000);
  const count = (pattern: RegExp) => start.match(pattern)?.length ?? 0;
  return count(MARKDOWN) > count(RESTRUCTURED);
}
