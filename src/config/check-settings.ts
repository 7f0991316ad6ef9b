/** Compares what kho.toml says with the schema: unknown keys, wrong types, wrong values. Finds all faults, not only the first. */
import { quoted } from '../standards/quoted.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Position, TomlNode, TomlTable } from './read-toml.ts';
import { SCHEMA, type Settings, type Shape, type TableShape } from './schema.ts';

export interface SettingsFault {
  position: Position;
  /** One line; no full stop. */
  message: string;
  /** A newer kho may know it. */
  isUnknownKey?: true;
}

/** What has a fault is left out of the settings. */
export function checkSettings(root: TomlTable): { settings: Settings; faults: SettingsFault[] } {
  const faults: SettingsFault[] = [];
  // The shape of what checkTable returns is that of SCHEMA by construction; the compiler cannot follow the recursion.
  const settings = checkTable(root, SCHEMA, '', faults) as Settings;
  return { settings, faults };
}

function checkValue(node: TomlNode, shape: Shape, path: string, faults: SettingsFault[]): unknown {
  const fault = (message: string, at: TomlNode = node) => {
    faults.push({ position: at.position, message: `${path} ${message}` });
    return undefined;
  };
  switch (shape.type) {
    case 'text': {
      if (node.type !== 'text') return fault(`must be a text, ${not(node)}`);
      const wrong = shape.check?.(node.text);
      return wrong === undefined ? node.text : fault(wrong);
    }
    case 'choice': {
      const choices = `must be one of ${shape.values.map((value) => `"${value}"`).join(', ')}`;
      if (node.type !== 'text') return fault(`${choices}, ${not(node)}`);
      if (shape.values.includes(node.text)) return node.text;
      return fault(`${choices}, not ${quoted(node.text)}${didYouMean(node.text, shape.values)}`);
    }
    case 'list of texts': {
      if (node.type !== 'list') return fault(`must be a list of texts like ["a", "b"], ${not(node)}`);
      return node.items.flatMap((item) => {
        if (item.type !== 'text') {
          fault(`must hold texts only, ${not(item)}`, item);
          return [];
        }
        const wrong = shape.check?.(item.text);
        if (wrong === undefined) return [item.text];
        fault(`has ${quoted(item.text)}, which ${wrong}`, item);
        return [];
      });
    }
    case 'true or false':
      return node.type === 'true or false' ? node.isTrue : fault(`must be true or false, ${not(node)}`);
    case 'whole number': {
      const isOne = node.type === 'number' && Number.isInteger(node.amount);
      if (isOne && node.amount >= shape.least && node.amount <= shape.most) return node.amount;
      return fault(`must be a whole number from ${shape.least} to ${shape.most.toLocaleString('en')}`);
    }
    case 'text or texts by key': {
      if (node.type === 'text') return checkValue(node, { type: 'text', check: shape.check }, path, faults);
      if (node.type !== 'table') return fault(`must be a text, or a table of texts, ${not(node)}`);
      const texts = new Map<string, unknown>();
      for (const [key, entry] of node.entries) {
        const wrong = shape.checkKey(key);
        if (wrong !== undefined) {
          faults.push({ position: entry.keyPosition, message: `${path} has the key ${tomlKey(key)}, which ${wrong}` });
          continue;
        }
        const text = checkValue(entry.node, { type: 'text', check: shape.check }, `${path}.${tomlKey(key)}`, faults);
        if (text !== undefined) texts.set(key, text);
      }
      return texts;
    }
    case 'table':
      return node.type === 'table' ? checkTable(node, shape, path, faults) : fault(`must be a table, ${not(node)}`);
    case 'named': {
      if (node.type !== 'table') return fault(`must be a table, ${not(node)}`);
      const named = new Map<string, unknown>();
      for (const [key, entry] of node.entries) {
        const value = checkValue(entry.node, shape.each, `${path}.${tomlKey(key)}`, faults);
        if (value !== undefined) named.set(key, value);
      }
      return named;
    }
  }
}

function checkTable(table: TomlTable, shape: TableShape, path: string, faults: SettingsFault[]): object {
  const keys = Object.keys(shape.keys);
  const values: Record<string, unknown> = {};
  for (const [key, { keyPosition, node }] of table.entries) {
    const below = path ? `${path}.${tomlKey(key)}` : tomlKey(key);
    const shapeBelow = Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
    const refused = shapeBelow ? undefined : shape.refuses?.(key);
    if (refused !== undefined) {
      faults.push({ position: keyPosition, message: `${below} ${refused}` });
      continue;
    }
    if (!shapeBelow) {
      const message = `${below} is no key that kho knows${didYouMean(key, keys)}`;
      faults.push({ position: keyPosition, message, isUnknownKey: true });
      continue;
    }
    const value = checkValue(node, shapeBelow, below, faults);
    if (value !== undefined) values[key] = value;
  }
  return values;
}

/** As it would be written in TOML: bare where that is possible, without control characters. */
function tomlKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : quoted(key);
}

function not(node: TomlNode): string {
  if (node.type === 'true or false') return 'not true or false';
  return `not a ${node.type}`;
}
