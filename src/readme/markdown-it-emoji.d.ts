/** The package comes without types. */
declare module 'markdown-it-emoji' {
  import type { MarkdownIt } from 'markdown-it';
  export function full(markdown: MarkdownIt, options: { shortcuts: Record<string, string | string[]> }): void;
}
