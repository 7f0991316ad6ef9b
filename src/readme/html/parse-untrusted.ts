import { TokenizerMode } from 'parse5';
import { ALL_TAGS, DROPPED, RENAMED } from './tags.ts';
import { type Element, NO_ATTRIBUTES } from './tree.ts';
import { TreeBuilder } from './tree-builder.ts';
import { type TagToken, UntrustedTokenizer } from './untrusted-tokenizer.ts';

/** Read any text as HTML, as browsers cut it into tags; what tags.ts does not know is left out, and what it holds stays. */
export function parseUntrusted(text: string): Element {
  const builder = new TreeBuilder();
  /** The tag whose content is being left out, and how often it is open. */
  let dropping: { tag: string; depth: number } | undefined;

  const onText = ({ chars }: { chars: string }) => {
    if (!dropping) builder.text(chars);
  };
  const onStartTag = ({ tagName, attrs, selfClosing }: TagToken) => {
    const dropped = DROPPED[tagName];
    if (dropped === 'text') tokenizer.state = TokenizerMode.RAWTEXT;
    if (dropping) {
      if (tagName === dropping.tag && !selfClosing) dropping.depth++;
    } else if (dropped !== undefined) {
      if (!selfClosing || dropped === 'text') dropping = { tag: tagName, depth: 1 };
    } else {
      const tag = Object.hasOwn(RENAMED, tagName) ? (RENAMED[tagName] as string) : tagName;
      if (tag === 'input') builder.text(checkbox(attrs));
      else if (ALL_TAGS.has(tag)) builder.start(tag, toMap(attrs, tagName));
    }
  };
  const onEndTag = ({ tagName }: TagToken) => {
    if (dropping) {
      if (tagName === dropping.tag && --dropping.depth === 0) dropping = undefined;
      return;
    }
    const tag = Object.hasOwn(RENAMED, tagName) ? (RENAMED[tagName] as string) : tagName;
    if (ALL_TAGS.has(tag)) builder.end(tag);
  };
  const ignore = () => {};
  const tokenizer = new UntrustedTokenizer(
    {},
    {
      ...{ onStartTag, onEndTag, onCharacter: onText, onWhitespaceCharacter: onText },
      ...{ onComment: ignore, onDoctype: ignore, onEof: ignore, onNullCharacter: ignore },
    },
  );
  tokenizer.write(text, true);
  return builder.root;
}

/** Of forms only ticked and empty boxes mean something to a reader. */
function checkbox(attrs: TagToken['attrs']): string {
  if (!attrs.some(({ name, value }) => name === 'type' && value.toLowerCase() === 'checkbox')) return '';
  return attrs.some(({ name }) => name === 'checked') ? '☑' : '☐';
}

function toMap(attrs: TagToken['attrs'], tagName: string): ReadonlyMap<string, string> {
  if (attrs.length === 0) return tagName === 'center' ? CENTERED : NO_ATTRIBUTES;
  return new Map(attrs.map(({ name, value }) => [name, value]));
}

const CENTERED = new Map([['align', 'center']]);
