import names from 'markdown-it-emoji/lib/data/full.mjs';

/** `:tada:` as what it is the name of. */
export function nameToEmoji(text: string): string {
  if (!text.includes(':')) return text;
  return text.replace(/:([\w+-]{1,50}):/g, (all, name: string) =>
    Object.hasOwn(names, name) ? (names[name] as string) : all,
  );
}
