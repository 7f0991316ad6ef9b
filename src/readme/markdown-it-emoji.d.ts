/** The package comes without types. Its plugin is not used: its work grows with the square of the text. */
declare module 'markdown-it-emoji/lib/data/full.mjs' {
  const emoji: Record<string, string>;
  export default emoji;
}
