import { expect, test } from 'vitest';
import { chooseForm, formNamed } from './negotiate.ts';

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const HTML_TYPE = 'application/vnd.pypi.simple.v1+html';

test.each([
  ['no header', undefined, 'html'],
  ['an empty one', '', 'html'],
  ['pip', `${JSON_TYPE}, ${HTML_TYPE}; q=0.1, text/html; q=0.01`, 'json'],
  ['uv', `${JSON_TYPE}, ${HTML_TYPE};q=0.2, text/html;q=0.01`, 'json'],
  ['Poetry', `${JSON_TYPE}, */*;q=0.1`, 'json'],
  ['old pip', 'text/html', 'html'],
  ['anything', '*/*', 'html'],
  ['a lone star, as some old Java sends it', 'text/plain, *; q=.2', 'html'],
  ['any text', 'text/*', 'html'],
  ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'html'],
  ['another case', JSON_TYPE.toUpperCase(), 'json'],
  ['the latest JSON', 'application/vnd.pypi.simple.latest+json', 'json'],
  ['the HTML of the standard', HTML_TYPE, 'v1+html'],
  ['HTML before JSON', `${JSON_TYPE};q=0.5, text/html`, 'html'],
  ['JSON among equals', `text/html, ${JSON_TYPE}`, 'json'],
  ['the standard HTML among equals', `text/html, ${HTML_TYPE}`, 'v1+html'],
  ['anything but JSON', `${JSON_TYPE};q=0, */*`, 'html'],
  ['anything but HTML', 'text/html;q=0, */*', undefined],
  ['JSON that is not ours', 'application/json', undefined],
  ['any application', 'application/*', undefined],
  ['a later version', 'application/vnd.pypi.simple.v2+json', undefined],
  ['an image', 'image/png', undefined],
])('chooseForm() answers %s', (_what, accept, form) => {
  expect(chooseForm(accept)).toBe(form);
});

test('formNamed() knows each type', () => {
  expect([formNamed(JSON_TYPE), formNamed(HTML_TYPE), formNamed('text/html')]).toEqual(['json', 'v1+html', 'html']);
  expect(formNamed('text/plain')).toBeUndefined();
});
