/** All regular expressions of the code that runs where kho runs, and whether one of them may look at a text again and again. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { checkSync } from 'recheck';
import type { SiteConfig } from '../../src/config/site-config.ts';
import { cloudflareConfig } from '../../src/deploy/config-cloudflare.ts';
import { cloudfrontFunction } from '../../src/deploy/edge/cloudfront-function.ts';
import { edgeSite } from '../../src/deploy/edge/edge-site.ts';

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
      collect(file, readFileSync(join(ROOT, file), 'utf8'), found);
    }
  }
  for (const [place, text] of printedPrograms()) collect(place, text, found);
  return found;
}

/** Programs that kho prints, which run where clients ask. */
function printedPrograms(): [place: string, text: string][] {
  const config = { root: '/srv/PyPI', title: 'T', repositories: [] } as unknown as SiteConfig;
  const site = edgeSite(config, 's3://team-packages', { url: 'https://packages.example.org' });
  return [
    ['kho config cloudfront', cloudfrontFunction(site)],
    ['kho config cloudflare', cloudflareConfig(site)],
  ];
}

function collect(file: string, text: string, found: Expressions): void {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be read: ${errors[0]?.message}`);
  const built = () => {
    if (!found.built.includes(file)) found.built.push(file);
  };
  const visitor = new Visitor({
    Literal(node) {
      if (!('regex' in node) || node.raw === null || found.literals.has(node.raw)) return;
      found.literals.set(node.raw, `${file}:${text.slice(0, node.start).split('\n').length}`);
    },
    NewExpression: ({ callee }) => void (isRegExp(callee) && built()),
    CallExpression: ({ callee }) => void (isRegExp(callee) && built()),
  });
  visitor.visit(program);
}

const isRegExp = (callee: { type: string; name?: unknown }) => callee.type === 'Identifier' && callee.name === 'RegExp';

export function provenExpressions(): Set<string> {
  return new Set(existsSync(PROVEN) ? readFileSync(PROVEN, 'utf8').split('\n').filter(Boolean) : []);
}

/** @param literal `/a+/g`. @returns undefined when it takes time in proportion to the text; else why it does not, or that nobody knows */
export function findSlowness(literal: string, patienceMs = PATIENCE_MS): string | undefined {
  process.env['RECHECK_SYNC_BACKEND'] = 'pure'; // its own threads and programs would outlive a test
  const end = literal.lastIndexOf('/');
  const result = checkSync(literal.slice(1, end), literal.slice(end + 1), { timeout: patienceMs });
  delete process.env['RECHECK_SYNC_BACKEND'];
  if (result.status === 'safe') return undefined;
  return result.status === 'vulnerable' ? result.complexity.summary : `not known (${result.error.kind})`;
}
