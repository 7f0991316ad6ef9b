import { escapeText } from '../html/escape.ts';

/**
 * What the directive `image` shows.
 *
 * @param lines its options: `:alt: words`
 * @param name what it is called where it has no words
 */
export function imageHtml(address: string, lines: readonly string[], name = ''): string {
  const options = readOptions(lines);
  const size = (option: string) => {
    const [, pixels] = /^(\d{1,4})(?:px)?$/.exec(options.get(option) ?? '') ?? [];
    return pixels === undefined ? '' : ` ${option}="${pixels}"`;
  };
  const alt = escapeText(options.get('alt') ?? name);
  const image = `<img src="${escapeText(address.replace(/\s+/g, ''))}" alt="${alt}"${size('width')}${size('height')}>`;
  const target = options.get('target');
  return target === undefined ? image : `<a href="${escapeText(target)}">${image}</a>`;
}

/** `:name: value` on lines of their own, which may go on further in. */
export function readOptions(lines: readonly string[]): Map<string, string> {
  const options = new Map<string, string>();
  let last: string | undefined;
  for (const line of lines) {
    const [, name, value = ''] = /^\s*:([\w-]+):(?: +(.*))?$/s.exec(line) ?? [];
    if (name !== undefined) {
      options.set(name, value.trim());
      last = name;
    } else if (last !== undefined && line.trim() !== '')
      options.set(last, `${options.get(last)} ${line.trim()}`.trim());
  }
  return options;
}
