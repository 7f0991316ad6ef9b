/** What tidied HTML is kept in before it is written: few kinds of nodes, all known. */

export interface Element {
  tag: string;
  /** As the package wrote them, names in lower case. */
  attributes: ReadonlyMap<string, string>;
  children: Node[];
}

export type Node = Element | string;

export const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

export function element(tag: string, attributes = NO_ATTRIBUTES, children: Node[] = []): Element {
  return { tag, attributes, children };
}

/** All text in it, in order. */
export function textOf(node: Node): string {
  return typeof node === 'string' ? node : node.children.map(textOf).join('');
}

/** Call `visit` for all elements, in the order of the text. */
export function eachElement(node: Element, visit: (element: Element) => void): void {
  for (const child of node.children) {
    if (typeof child === 'string') continue;
    visit(child);
    eachElement(child, visit);
  }
}
