import { expect, test } from 'vitest';
import { html } from './html.ts';

test('html() escapes what is not HTML yet, in text and in attributes', () => {
  const evil = `<script>"x" & 'y'`;
  expect(html`<a title="${evil}">${evil}</a>`.text).toBe(
    '<a title="&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;">&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;</a>',
  );
});

test('html() takes in parts and lists of parts as they are, and numbers', () => {
  expect(html`<ul>${[html`<li>${1}</li>`, html`<li>&</li>`]}</ul>${html`<hr>`}`.text).toBe(
    '<ul><li>1</li><li>&</li></ul><hr>',
  );
});

test('html() replaces control characters, which HTML cannot hold', () => {
  expect(html`${'a\0b\x1bc\td\n'}`.text).toBe('a\ufffdb\ufffdc\td\n');
});
