/** The links of an HTML page. A stream of tags is enough for them: a tree would cost a hostile page's depth at each of its tags. */
import { TokenizerMode } from 'parse5';
import { type TagToken, UntrustedTokenizer } from '../readme/html/untrusted-tokenizer.ts';

export interface IndexLinks {
  /** `href` of the first `<base>` that has one and for which `isUsable` holds. */
  base?: string;
  /** Attributes of each `<a>`, in their order. */
  links: ReadonlyMap<string, string>[];
}

/** In these elements there are no tags but their own end (HTML, "Parsing", "The rules for parsing tokens"). */
const TEXT_MODES: Readonly<Record<string, number>> = {
  ...{ title: TokenizerMode.RCDATA, textarea: TokenizerMode.RCDATA, script: TokenizerMode.SCRIPT_DATA },
  ...{ style: TokenizerMode.RAWTEXT, xmp: TokenizerMode.RAWTEXT, iframe: TokenizerMode.RAWTEXT },
  ...{ noembed: TokenizerMode.RAWTEXT, noframes: TokenizerMode.RAWTEXT, plaintext: TokenizerMode.PLAINTEXT },
};

export function readIndexLinks(html: string, isUsable: (base: string) => boolean): IndexLinks {
  const found: IndexLinks = { links: [] };
  const onStartTag = ({ tagName, attrs }: TagToken) => {
    const mode = Object.hasOwn(TEXT_MODES, tagName) ? TEXT_MODES[tagName] : undefined;
    if (mode !== undefined) tokenizer.state = mode;
    if (tagName === 'a') found.links.push(new Map(attrs.map(({ name, value }) => [name, value])));
    if (tagName !== 'base' || found.base !== undefined) return;
    const href = attrs.find(({ name }) => name === 'href')?.value;
    if (href !== undefined && isUsable(href)) found.base = href;
  };
  const ignore = () => {};
  const tokenizer = new UntrustedTokenizer(
    {},
    {
      ...{ onStartTag, onEndTag: ignore, onCharacter: ignore, onWhitespaceCharacter: ignore },
      ...{ onComment: ignore, onDoctype: ignore, onEof: ignore, onNullCharacter: ignore },
    },
  );
  tokenizer.write(html, true);
  return found;
}
