/** All regular expressions of the code that runs where kho runs, and whether one of them may look at a text again and again. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSync } from 'recheck';
import ts from 'typescript';

/** Its own threads and programs would outlive a test. */
process.env['RECHECK_SYNC_BACKEND'] = 'pure';

const ROOT = join(import.meta.dirname, '../..');

/** Programs that run on the machines of users; those in scripts/ besides run where kho is built. */
const FOLDERS = ['src', 'web', 'scripts/launcher'];

/** Those that were found safe before, by `proveExpressions`: a line each. It takes minutes to prove all. */
export const PROVEN = join(import.meta.dirname, 'proven-expressions.txt');

/** In milliseconds, for one expression. */
const PATIENCE_MS = 30_000;

export interface Expressions {
  /** `/a+/g`, and where it stands. */
  literals: Map<string, string>;
  /** Files that put expressions together (`new RegExp`), which is not looked into here. */
  built: string[];
}

export function findExpressions(): Expressions {
  const found: Expressions = { literals: new Map(), built: [] };
  for (const folder of FOLDERS) {
    for (const path of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (!/(?<!\.test|\.d)\.ts$/.test(path)) continue;
      const file = join(folder, path);
      collect(ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest), found);
    }
  }
  return found;
}

function collect(source: ts.SourceFile, found: Expressions): void {
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      if (!found.literals.has(node.text)) found.literals.set(node.text, `${source.fileName}:${line + 1}`);
    }
    const isBuilt =
      (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText(source) === 'RegExp';
    if (isBuilt && !found.built.includes(source.fileName)) found.built.push(source.fileName);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

export function provenExpressions(): Set<string> {
  return new Set(existsSync(PROVEN) ? readFileSync(PROVEN, 'utf8').split('\n').filter(Boolean) : []);
}

/** @param literal `/a+/g`. @returns undefined when it takes time in proportion to the text; else why it does not, or that nobody knows */
export function findSlowness(literal: string, patienceMs = PATIENCE_MS): string | undefined {
  const end = literal.lastIndexOf('/');
  const result = checkSync(literal.slice(1, end), literal.slice(end + 1), { timeout: patienceMs });
  if (result.status === 'safe') return undefined;
  return result.status === 'vulnerable' ? result.complexity.summary : `not known (${result.error.kind})`;
}
