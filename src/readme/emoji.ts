import names from 'markdown-it-emoji/lib/data/full.mjs';

/** Replaces names like `:tada:` by their characters. */
export function nameToEmoji(text: string): string {
  if (!text.includes(':')) return text;
  return text.replace(/:([\w+-]{1,50}):/g, (all, name: string) =>
    Object.hasOwn(names, name) ? (names[name] as string) : all,
  );
}
