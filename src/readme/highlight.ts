import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import diff from 'highlight.js/lib/languages/diff';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import ini from 'highlight.js/lib/languages/ini';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import pythonRepl from 'highlight.js/lib/languages/python-repl';
import rust from 'highlight.js/lib/languages/rust';
import shell from 'highlight.js/lib/languages/shell';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { LEAST_COLOURED, LONGEST_COLOURED_BLOCK, LONGEST_COLOURED_LINE, MOST_COLOURED } from './limits.ts';

/** The languages that READMEs of Python packages are written with. */
const LANGUAGES = {
  ...{ bash, c, cpp, diff, dockerfile, ini, javascript, json, python, rust, shell, sql, typescript, xml, yaml },
  'python-repl': pythonRepl,
};

for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);
hljs.registerAliases(['python3', 'py3', 'ipython', 'ipython3', 'cython', 'pyx', 'pyi'], { languageName: 'python' });
hljs.registerAliases(['pycon', 'doctest', 'pycon3'], { languageName: 'python-repl' });
hljs.registerAliases(['cfg', 'editorconfig'], { languageName: 'ini' });
hljs.registerAliases(['shell-session', 'bash-session', 'shellsession', 'sh-session'], { languageName: 'shell' });
hljs.registerAliases(['json5', 'jsonc'], { languageName: 'json' });
hljs.configure({ classPrefix: 'hl-' });

const LONG_LINE = new RegExp(`[^\\n]{${LONGEST_COLOURED_LINE + 1}}`);

/** Of the text that is being rendered: how much of its code has got colours. */
let coloured = 0;

/** Another text begins. */
export function resetColours(): void {
  coloured = 0;
}

/**
 * Code as HTML, with `<span class="hl-…">` around what has a colour.
 *
 * @param language as a README names it; an unknown one, or too much code, gives undefined
 */
export function highlight(code: string, language: string): string | undefined {
  const name = language.toLowerCase();
  const cost = Math.max(code.length, LEAST_COLOURED);
  if (code.length > LONGEST_COLOURED_BLOCK || coloured + cost > MOST_COLOURED) return undefined;
  if (!hljs.getLanguage(name) || LONG_LINE.test(code)) return undefined;
  coloured += cost;
  return hljs.highlight(code, { language: name, ignoreIllegals: true }).value;
}
