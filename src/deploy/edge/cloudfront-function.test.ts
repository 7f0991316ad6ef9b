import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import {
  type FunctionAnswer,
  loadFunction,
  type ViewerRequest,
  viewerRequest,
} from '../../../test/support/run-edge.ts';
import { ACCEPT } from '../../../test/support/server-contract/check.ts';
import { cloudfrontFunction, LONGEST_FUNCTION } from './cloudfront-function.ts';
import { type EdgeSite, edgeSite } from './edge-site.ts';

const CONFIG = { root: '/srv/PyPI', title: 'T', repositories: [] } as unknown as Parameters<typeof edgeSite>[0];
const site = (hidden: string[] = [], url = 'https://packages.example.org/'): EdgeSite => ({
  ...edgeSite(CONFIG, 's3://team-packages/python', { url }),
  hidden,
});
const TEXT = cloudfrontFunction(site(['lab']));
const run = loadFunction(TEXT);
const asked = (target: string, accept?: string, method?: string) =>
  run(viewerRequest(target, accept === undefined ? {} : { Accept: accept }, method));
const uriOf = (answer: ViewerRequest | FunctionAnswer) => ('uri' in answer ? answer.uri : answer.statusCode);

/** pip 20 to 22.1 knew no JSON; all since, uv, Poetry and PDM name it. */
const OLD_PIP = 'text/html';
const PAGES: [what: string, target: string, accept: string | undefined, uri: string][] = [
  ['the front page', '/', ACCEPT.browser, '/index.html'],
  ['a repository', '/glibc/', ACCEPT.browser, '/glibc/index.html'],
  ['a list, by pip 20', '/glibc/simple/', OLD_PIP, '/glibc/simple/index.html'],
  ['a project, by pip 26', '/glibc/simple/foo/', ACCEPT.pip, '/glibc/simple/foo/index.json'],
  ['a project, by uv', '/glibc/simple/foo/', ACCEPT.uv, '/glibc/simple/foo/index.json'],
  ['a project, by Poetry', '/glibc/simple/foo/', ACCEPT.poetry, '/glibc/simple/foo/index.json'],
  ['a project, by a browser', '/glibc/simple/foo/', ACCEPT.browser, '/glibc/simple/foo/index.html'],
  ['a project, by who says nothing', '/glibc/simple/foo/', undefined, '/glibc/simple/foo/index.html'],
  ['a form by name', '/simple/foo/?format=application/vnd.pypi.simple.v1+json', OLD_PIP, '/simple/foo/index.json'],
  [
    'a form by name, encoded',
    '/simple/foo/?format=application%2Fvnd.pypi.simple.v1%2Bjson',
    OLD_PIP,
    '/simple/foo/index.json',
  ],
  ['a query that says nothing', '/simple/foo/?x=1&y', ACCEPT.pip, '/simple/foo/index.json'],
  ['a plus, bare', '/glibc/packages/a-1+cpu-py3-none-any.whl', '*/*', '/glibc/packages/a-1%2Bcpu-py3-none-any.whl'],
  [
    'a plus, encoded',
    '/glibc/packages/a-1%2Bcpu-py3-none-any.whl',
    '*/*',
    '/glibc/packages/a-1%2Bcpu-py3-none-any.whl',
  ],
  ['what is encoded without need', '/%67libc/simple/f%6fo/', ACCEPT.pip, '/glibc/simple/foo/index.json'],
  ['a folder with spaces', '/glibc/packages/a%20b/%C3%A9.tar.gz', '*/*', '/glibc/packages/a%20b/%C3%A9.tar.gz'],
  ['PyPI’s API', '/glibc/pypi/foo/1.0%2Bcpu/json', '*/*', '/glibc/pypi/foo/1.0%2Bcpu/json'],
  ['a page for people', '/glibc/project/foo/', ACCEPT.browser, '/glibc/project/foo/index.html'],
];

test.each(PAGES)('the function writes into the address what is meant: %s', (_what, target, accept, uri) => {
  for (const method of ['GET', 'HEAD']) {
    const answer = asked(target, accept, method);
    expect(answer).toMatchObject({ method, uri });
    expect((answer as ViewerRequest).querystring).toEqual({});
  }
});

test.each([
  ['/.kho/site'],
  ['/glibc/.kho/x'],
  ['/%2ekho/site'],
  ['/lab/simple/'],
  ['/l%61b/packages/a-1-py3-none-any.whl'],
  ['/../.kho/site'],
  ['/glibc/packages/..%2f..%2f.kho/site'],
  ['/glibc/packages/'],
  ['/glibc/packages/notes.txt'],
  [`/glibc/packages/${'a'.repeat(2000)}.whl`],
  ['/incoming/a-1-py3-none-any.whl'],
  ['/glibc/simple/a%00/'],
])('the function answers %s with 404, and S3 is not asked', (target) => {
  const answer = asked(target, ACCEPT.pip) as FunctionAnswer;
  expect(answer).toMatchObject({
    statusCode: 404,
    body: { encoding: 'text', data: 'Nothing is published here\n' },
    headers: { 'cache-control': { value: 'no-cache' }, 'content-type': { value: 'text/plain; charset=utf-8' } },
  });
  expect(JSON.stringify(answer)).not.toContain('lab');
});

test.each([
  ['/glibc', './glibc/'],
  ['/glibc/simple/Foo_Bar.baz', '../../glibc/simple/foo-bar-baz/'],
  ['/glibc//simple/foo/', '../../../../glibc/simple/foo/'],
  ['/glibc/simple/FOO/?x=1&y', '../../../glibc/simple/foo/?x=1&y'],
])('the function leads %s to %s', (target, location) => {
  expect(asked(target)).toMatchObject({ statusCode: 301, headers: { location: { value: location } } });
});

test('the function lets nobody change anything, and answers who asks whether a browser may read', () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE']) {
    expect(asked('/glibc/simple/', ACCEPT.pip, method)).toMatchObject({
      statusCode: 405,
      headers: { allow: { value: 'GET, HEAD, OPTIONS' } },
    });
  }
  const preflight = asked('/glibc/simple/', ACCEPT.pip, 'OPTIONS') as FunctionAnswer;
  expect(preflight).toMatchObject({ statusCode: 204, headers: { 'access-control-allow-origin': { value: '*' } } });
  expect(preflight.body).toBeUndefined();
});

test('the function says 406 of a page that the client would not take, and 400 of what is no path', () => {
  expect(asked('/glibc/simple/foo/', 'image/png')).toMatchObject({
    statusCode: 406,
    headers: { vary: { value: 'Accept' } },
  });
  expect(uriOf(asked('/glibc/packages/a-1-py3-none-any.whl', 'image/png'))).toBe(
    '/glibc/packages/a-1-py3-none-any.whl',
  );
  expect(asked('/%zz')).toMatchObject({ statusCode: 400 });
});

test('the function reads an Accept header that came several times', () => {
  const request = viewerRequest('/simple/foo/');
  const json = { value: 'application/vnd.pypi.simple.v1+json' };
  request.headers['accept'] = { value: 'text/html;q=0.1', multiValue: [{ value: 'text/html;q=0.1' }, json] };
  expect(uriOf(run(request))).toBe('/simple/foo/index.json');
});

test('the function knows what comes before the site in its addresses', () => {
  const below = loadFunction(cloudfrontFunction(site([], 'https://packages.example.org/py/pi')));
  expect(uriOf(below(viewerRequest('/py/pi/glibc/simple/')))).toBe('/glibc/simple/index.html');
  expect(uriOf(below(viewerRequest('/glibc/simple/')))).toBe(404);
});

/** All that ECMAScript 5.1 has, and const and let: what runtime 2.0 is sure to read. */
const NODES = new Set([
  ...[
    'Program',
    'FunctionDeclaration',
    'FunctionExpression',
    'VariableDeclaration',
    'VariableDeclarator',
    'BlockStatement',
    'ReturnStatement',
  ],
  ...[
    'IfStatement',
    'ForStatement',
    'ForInStatement',
    'SwitchStatement',
    'SwitchCase',
    'ContinueStatement',
    'BreakStatement',
    'TryStatement',
    'CatchClause',
  ],
  ...[
    'ExpressionStatement',
    'CallExpression',
    'MemberExpression',
    'AssignmentExpression',
    'BinaryExpression',
    'LogicalExpression',
    'UnaryExpression',
  ],
  ...[
    'UpdateExpression',
    'ConditionalExpression',
    'ParenthesizedExpression',
    'ArrayExpression',
    'ObjectExpression',
    'Property',
    'Identifier',
    'Literal',
  ],
]);
const GLOBALS = ['decodeURIComponent', 'encodeURIComponent', 'Math', 'Number', 'undefined'];
const METHODS = [
  'slice',
  'split',
  'pop',
  'push',
  'charAt',
  'charCodeAt',
  'indexOf',
  'lastIndexOf',
  'join',
  'concat',
  'replace',
  'test',
  'exec',
  'trim',
  'toLowerCase',
  'toUpperCase',
  'toString',
  'reduce',
  'max',
];

interface ParsedNode {
  type: string;
  [key: string]: unknown;
}

/** Each node of a program with the one around it. */
function* nodesOf(node: ParsedNode, parent?: ParsedNode): Generator<[ParsedNode, ParsedNode | undefined]> {
  yield [node, parent];
  for (const value of Object.values(node)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (typeof each?.type === 'string') yield* nodesOf(each, node);
    }
  }
}

test('the function is written in what CloudFront’s runtime 2.0 reads, and no longer than it takes', () => {
  expect(Buffer.byteLength(TEXT)).toBeLessThanOrEqual(LONGEST_FUNCTION);
  const { program, errors } = parseSync('function.js', TEXT, { sourceType: 'script' });
  expect(errors).toEqual([]);
  const declared = new Set<unknown>(GLOBALS);
  const used: unknown[] = [];
  for (const [node, parent] of nodesOf(program as unknown as ParsedNode)) {
    expect([node.type, NODES.has(node.type)]).toEqual([node.type, true]);
    if (node.type === 'Property')
      expect([node['shorthand'], node['computed'], node['method'], node['kind']]).toEqual([
        false,
        false,
        false,
        'init',
      ]);
    if (node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression') {
      expect([node['async'], node['generator']]).toEqual([false, false]);
      for (const each of [node['id'], ...(node['params'] as ParsedNode[])] as (ParsedNode | null)[])
        if (each) declared.add(each['name']);
    }
    if (node.type === 'BinaryExpression') expect(['**', 'instanceof']).not.toContain(node['operator']);
    if (node.type === 'LogicalExpression') expect(['&&', '||']).toContain(node['operator']);
    if (node.type === 'MemberExpression') expect(node['optional'] ?? false).toBe(false);
    if (node.type === 'VariableDeclarator') declared.add((node['id'] as ParsedNode)['name']);
    if (node.type === 'CatchClause') declared.add((node['param'] as ParsedNode)['name']);
    if (node.type === 'CallExpression' && (node['callee'] as ParsedNode).type === 'MemberExpression') {
      expect(METHODS).toContain(((node['callee'] as ParsedNode)['property'] as ParsedNode)['name']);
    }
    if (node.type === 'Literal' && node['regex'])
      expect((node['regex'] as { pattern: string }).pattern).not.toMatch(/\(\?[<!=]|\\p/);
    const isName =
      (parent?.type === 'MemberExpression' && !parent['computed'] && parent['property'] === node) ||
      (parent?.type === 'Property' && parent['key'] === node);
    if (node.type === 'Identifier' && !isName) used.push(node['name']);
  }
  expect(used.filter((name) => !declared.has(name))).toEqual([]);
});

test('names of many private repositories cost the function its comments, then the configuration is refused', () => {
  const many = (count: number) => site(Array.from({ length: count }, (_, place) => `team-number-${place}`));
  expect(cloudfrontFunction(many(10))).toContain('// PEP 503.');
  const bare = cloudfrontFunction(many(60));
  expect(Buffer.byteLength(bare)).toBeLessThanOrEqual(LONGEST_FUNCTION);
  expect(bare).not.toMatch(/^ *\/\//m);
  expect(uriOf(loadFunction(bare)(viewerRequest('/team-number-59/simple/')))).toBe(404);
  expect(uriOf(loadFunction(bare)(viewerRequest('/team-number-60/simple/')))).toBe('/team-number-60/simple/index.html');
  expect(() => cloudfrontFunction(many(300))).toThrow('longer than 10240 bytes');
});
