/**
 * TOML 1.0 as a tree in which every key and value knows where it stands.
 *
 * Loads a parser of its own: import this file only when there is a TOML file to read.
 */
import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';

/** Both count from 1, the column in UTF-16 units. */
export interface Position {
  line: number;
  column: number;
}

export type TomlNode = { position: Position } & (
  | { type: 'text'; text: string }
  | { type: 'list'; items: TomlNode[] }
  | TomlTable
  | { type: 'true or false'; isTrue: boolean }
  | { type: 'number'; amount: number }
  | { type: 'date' }
);

export interface TomlTable {
  type: 'table';
  position: Position;
  /** In the order of the file. `keyPosition` is where the key was first named. */
  entries: Map<string, { keyPosition: Position; node: TomlNode }>;
}

/** The text is no TOML. Says why and where. */
export class TomlFault extends Error {
  override readonly name = 'TomlFault';
  readonly position: Position;

  constructor(message: string, position: Position) {
    super(message);
    this.position = position;
  }
}

/** @throws {TomlFault} for the first place that is no TOML. */
export function readToml(text: string): TomlTable {
  const root = emptyTable({ line: 1, column: 1 });
  for (const statement of parse(text).body[0].body) {
    if (statement.type === 'TOMLKeyValue') {
      setKeyValue(root, statement);
    } else {
      const table = openTable(root, statement);
      for (const keyValue of statement.body) setKeyValue(table, keyValue);
    }
  }
  return root;
}

/** Lists that begin one in another without anything between: the parser's time grows with the square of their depth. */
const TOO_DEEP = '['.repeat(100);

/** Behind the last of the lists that begin at `place`. */
function endOfLists(text: string, place: number): Position {
  let end = place;
  while (text[end] === '[') end++;
  const before = text.slice(0, end).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

function parse(text: string): AST.TOMLProgram {
  const deep = text.indexOf(TOO_DEEP);
  if (deep >= 0) throw new TomlFault('Its lists lie too deep in one another', endOfLists(text, deep));
  try {
    return parseTOML(text, { tomlVersion: '1.0' });
  } catch (error) {
    if (error instanceof ParseError) {
      const { message, lineNumber, column } = error;
      throw new TomlFault(`This is no TOML: ${message}`, { line: lineNumber, column: column + 1 });
    }
    // The parser spreads the characters of a text over the stack.
    if (error instanceof RangeError) throw new TomlFault('A text in it is too long', { line: 1, column: 1 });
    throw error;
  }
}

/** The parser has made sure that no key is named twice, and that no value is reopened as a table. */
function setKeyValue(table: TomlTable, { key, value }: AST.TOMLKeyValue): void {
  const parents = key.keys.slice(0, -1);
  const last = key.keys.at(-1)!;
  let target = table;
  for (const part of parents) target = tableIn(target, part);
  target.entries.set(nameOf(last), { keyPosition: start(last), node: toNode(value) });
}

function openTable(root: TomlTable, { key, kind }: AST.TOMLTable): TomlTable {
  let target = root;
  for (const [index, part] of key.keys.entries()) {
    const isLast = index === key.keys.length - 1;
    target = isLast && kind === 'array' ? newItemIn(target, part) : tableIn(target, part);
  }
  return target;
}

/** The table of that name, made when it is not there; of a list of tables the last one, as TOML has it. */
function tableIn(table: TomlTable, key: AST.TOMLBare | AST.TOMLQuoted): TomlTable {
  const existing = table.entries.get(nameOf(key))?.node;
  const found = existing?.type === 'list' ? existing.items.at(-1) : existing;
  if (found?.type === 'table') return found;
  const made = emptyTable(start(key));
  table.entries.set(nameOf(key), { keyPosition: start(key), node: made });
  return made;
}

function newItemIn(table: TomlTable, key: AST.TOMLBare | AST.TOMLQuoted): TomlTable {
  const item = emptyTable(start(key));
  const existing = table.entries.get(nameOf(key))?.node;
  if (existing?.type === 'list') existing.items.push(item);
  else {
    const node: TomlNode = { type: 'list', position: start(key), items: [item] };
    table.entries.set(nameOf(key), { keyPosition: start(key), node });
  }
  return item;
}

function toNode(value: AST.TOMLContentNode): TomlNode {
  const position = start(value);
  if (value.type === 'TOMLArray') return { type: 'list', position, items: value.elements.map(toNode) };
  if (value.type === 'TOMLInlineTable') {
    const table = emptyTable(position);
    for (const keyValue of value.body) setKeyValue(table, keyValue);
    return table;
  }
  if (value.kind === 'string') return { type: 'text', position, text: value.value };
  if (value.kind === 'boolean') return { type: 'true or false', position, isTrue: value.value };
  if (value.kind === 'integer' || value.kind === 'float') return { type: 'number', position, amount: value.value };
  return { type: 'date', position };
}

function emptyTable(position: Position): TomlTable {
  return { type: 'table', position, entries: new Map() };
}

function nameOf(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

function start(node: AST.TOMLNode): Position {
  return { line: node.loc.start.line, column: node.loc.start.column + 1 };
}
