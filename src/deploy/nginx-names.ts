/** How nginx leads other spellings of a name to the normalized one, with nothing but rewrites. Pure. */
import { BEFORE_NAME } from './address-shapes.ts';

/** nginx gives up after ten rewrites of one request; each round changes one capital of each letter. */
const ROUNDS = 9;
/** Each round changes so many separators. */
const SEPARATORS_A_ROUND = 3;

/** In the server; $kho_moved is set where a name is another than it was, and what it leads to has to redirect. */
export function nameLocation(): string {
  return `    # Names in another spelling, as people type them: Foo_Bar is foo-bar. Each round changes one capital of each letter and
    # ${SEPARATORS_A_ROUND} separators; what would take more rounds than nginx allows is nobody's name.
    location ~ "${BEFORE_NAME}(?!index\\.(?:html|json)$)[a-z0-9-]*(?:[A-Z_.]|--)[A-Za-z0-9._-]*(?:/|(?:/[^/\\s]+)?/json)?$" {
        if ($uri ~ "${tooManyChanges()}") { return 404; }
        set $kho_moved yes;
${letterLines()}
${separatorLines()}
        rewrite "^(.*)$" $1 last;
    }
`;
}

function letterLines(): string {
  return [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
    .map((letter) => `        rewrite "(${BEFORE_NAME}[^/]*)${letter}(.*)$" $1${letter.toLowerCase()}$2;`)
    .join('\n');
}

function separatorLines(): string {
  const line = `        rewrite "(${BEFORE_NAME}[^/]*?)(?:[_.][-_.]*|-[-_.]+)(.*)$" $1-$2;`;
  return Array.from({ length: SEPARATORS_A_ROUND }, () => line).join('\n');
}

/** `(?!…)` keeps the search for a letter that comes back from trying every way to divide a long name. */
function tooManyChanges(): string {
  const capitals = `[^/]*?([A-Z])(?:(?:(?!\\1)[^/])*\\1){${ROUNDS}}`;
  const separators = `(?:[^/_.-]*[_.-]+){${ROUNDS * SEPARATORS_A_ROUND + 1}}`;
  return `${BEFORE_NAME}(?:${capitals}|${separators})`;
}
