import type { Break } from './break.ts';

const FINGERPRINT = { file: 'src/render/fingerprint.ts', test: 'src/render/fingerprint.test.ts' };
const PACKED = { file: 'src/render/packed-forms.ts', test: 'src/render/packed-forms.test.ts' };
const LISTING = { file: 'src/render/simple/listing.ts', test: 'src/render/simple/listing.test.ts' };
const LINKS = { file: 'src/render/links.ts', test: 'src/render/links.test.ts' };
const SUMS = { file: 'src/render/simple/checksums.ts', test: 'src/render/simple/checksums.test.ts' };
const STATE = { file: 'src/scan/file-state.ts', test: 'src/scan/file-state.test.ts' };
const ELF = { file: 'src/formats/elf-front.ts', test: 'src/formats/elf-front.test.ts' };
const ROUTE = { file: 'src/server/route.ts', test: 'src/server/route.test.ts' };
const PATHS = { file: 'src/server/request-path.ts', test: 'src/server/route.test.ts' };
const STORE = { file: 'src/server/page-store.ts', test: 'src/server/page-store.test.ts' };
const INSIDE = { file: 'src/server/open-inside.ts', test: 'src/server/open-inside.test.ts' };
const FORWARDED = { file: 'src/server/forwarded.ts', test: 'src/server/forwarded.test.ts' };
const PACKAGE = { file: 'src/server/package-answer.ts', test: 'src/server/package-answer.test.ts' };
const PAGE = { file: 'src/server/page-answer.ts', test: 'src/server/page-answer.test.ts' };
const PUBLISHED = { file: 'src/server/published-files.ts', test: 'src/server/published-files.test.ts' };
const METRICS = { file: 'src/server/may-read-metrics.ts', test: 'src/server/may-read-metrics.test.ts' };
const HOSTS = { file: 'src/server/known-hosts.ts', test: 'src/server/known-hosts.test.ts' };
const BODIES = { file: 'src/server/bodies-under-way.ts', test: 'src/server/bodies-under-way.test.ts' };
const CONNECTIONS = { file: 'src/server/connections.ts', test: 'src/server/connections.test.ts' };

const CONDITIONS = { file: 'src/standards/http/conditions.ts', test: 'src/standards/http/conditions.test.ts' };

export const RENDER_AND_SERVE_BREAKS: readonly Break[] = [
  {
    ...CONDITIONS,
    what: 'who was cut off goes on with what may be wrong',
    find: 'if (current.isWeak) return false;',
    replace: '',
  },
  {
    ...FINGERPRINT,
    what: 'what is inside does not count',
    find: '[file.binaries, file.passedOver]',
    replace: '[file.passedOver]',
  },
  {
    ...FINGERPRINT,
    what: 'the repository does not count',
    find: 'fingerprint([repository, siteUrl])',
    replace: 'fingerprint([siteUrl])',
  },
  { ...FINGERPRINT, what: 'the latest release does not count', find: ', latest?.version],', replace: '],' },
  {
    ...PACKED,
    what: 'packed forms are moved before their page',
    find: 'return [{ path, inputs, render }, ...forms];',
    replace: 'return [...forms, { path, inputs, render }];',
  },
  {
    ...PACKED,
    what: 'a page is rendered for each form',
    find: 'made ??= page.render();',
    replace: 'made = page.render();',
  },
  { ...PACKED, what: 'pictures are packed', find: 'if (IS_PACKED.test(path)) return [];', replace: '' },
  {
    ...LISTING,
    what: 'any page may be replaced',
    find: 'return DUMB_PYPI_MARKS.every((mark) => mark.test(text));',
    replace: 'return true;',
  },
  {
    ...LISTING,
    what: 'a mark in the body counts',
    find: "const [head = ''] = text.split(/<\\/head>/i, 1);",
    replace: 'const head = text;',
  },
  {
    ...LINKS,
    what: 'paths are not encoded',
    find: "return path.split('/').map(encodeSegment).join('/');",
    replace: 'return path;',
  },
  {
    ...LINKS,
    what: 'files of other repositories are looked for here',
    find: 'if (file.repository === page.repository) return',
    replace: 'if (file.repository) return',
  },
  {
    ...SUMS,
    what: 'line breaks in names make lines of their own',
    find: 'if (!/[\\\\\\n]/.test(path)) return',
    replace: 'if (path) return',
  },
  {
    ...STATE,
    what: 'a file that just changed counts as known',
    find: "settled ? stamp.changedMs : '?'",
    replace: 'settled ? stamp.changedMs : stamp.changedMs',
  },
  {
    ...STATE,
    what: 'a changed .provenance is not seen',
    find: 'if (stamp) state +=',
    replace: "if (stamp && side !== 'provenance') state +=",
  },
  {
    ...STATE,
    what: 'a changed .yanked is not seen',
    find: 'if (stamp) state +=',
    replace: "if (stamp && side !== 'yanked') state +=",
  },
  { ...STATE, what: 'side-files are taken for one another', find: '${SIDE_FILE_KINDS[side].mark}', replace: '' },
  { ...STATE, what: 'a changed mode is not seen', find: '`${file.mode} ${', replace: '`${' },
  { ...STATE, what: 'that a file is being written is not seen', find: "${file.busy ? ' busy' : ''}", replace: '' },
  { ...STATE, what: 'a file that was swapped for another is not seen', find: ':${stamp.inode}`', replace: '`' },
  {
    ...ELF,
    what: 'versions have no budget',
    find: 'budget.left-- <= 0) return undefined;\n    const needs',
    replace: 'budget.left < -1) return undefined;\n    const needs',
  },
  {
    ...ELF,
    what: 'names of versions have no budget',
    find: 'if (aux + 16 > text.length || budget.left-- <= 0)',
    replace: 'if (aux + 16 > text.length)',
  },
  {
    ...ELF,
    what: 'the budget is endless',
    find: 'const VERSION_COUNT_LIMIT = 4096;',
    replace: 'const VERSION_COUNT_LIMIT = Number.POSITIVE_INFINITY;',
  },
  {
    ...ROUTE,
    what: 'a redirect forgets the query',
    find: '${encodePath(found.canonical)}${path.query}',
    replace: '${encodePath(found.canonical)}',
  },
  {
    ...ROUTE,
    what: 'names are served as they are written',
    find: 'if (asked === found.canonical && !path.hasEmptySegments) return',
    replace: 'if (asked) return',
  },
  {
    ...ROUTE,
    what: 'repositories hide what is kho’s',
    find: "first !== '.' && site.repositories.has(first)",
    replace: "first === '.' && site.repositories.has(first)",
  },
  { ...PATHS, what: 'hidden files are served', find: "segment.startsWith('.') || ", replace: '' },
  { ...PATHS, what: 'slashes in names lead on', find: 'NEVER_PUBLISHED.test(segment)', replace: 'false' },
  { ...STORE, what: 'memory has no limit', find: 'if (this.#bytes <= this.#limitBytes) return;', replace: 'return;' },
  {
    ...STORE,
    what: 'a page that changed is served as it was',
    find: 'pageStamp(stats) === stored.stamp',
    replace: 'stored.stamp',
  },
  { ...STORE, what: 'forget() forgets nothing', find: 'this.#freshSinceMs = this.#now();', replace: '' },
  { ...STORE, what: 'a page is never fresh', find: 'this.#now() - checkedMs < FRESH_MS', replace: 'false' },
  { ...INSIDE, what: 'links lead out', find: "if (!isBelow(real, folder)) return 'outside';", replace: '' },
  {
    ...INSIDE,
    what: 'a link that was turned is followed',
    test: 'src/server/open-inside-race.test.ts',
    find: "if (!isSameFile(now, identity)) return 'replaced';",
    replace: '',
  },
  {
    ...FORWARDED,
    what: 'anybody is believed',
    find: 'const isTrusted = this.trusts(peer);',
    replace: 'const isTrusted = true;',
  },
  { ...FORWARDED, what: 'the first hop is the client', find: 'if (!this.trusts(hop)) break;', replace: '' },
  {
    ...FORWARDED,
    what: 'any prefix is taken',
    find: 'prefix.length <= LONGEST_PREFIX && PREFIX.test(prefix) && ',
    replace: '',
  },
  {
    ...PACKAGE,
    what: 'an unchanged file is sent again',
    find: "if (verdict === 'unchanged') return",
    replace: "if (verdict === ('' as string)) return",
  },
  {
    ...PACKAGE,
    what: 'parts are sent of another file',
    find: 'mayAnswerInPart(request, validators) ? ',
    replace: 'request.range ? ',
  },
  { ...PACKAGE, what: 'a file that changed has the same tag', find: 'Math.round(ctimeMs * 1000), ino', replace: 'ino' },
  {
    ...PACKAGE,
    what: 'the end of a part is one too many',
    find: '${start}-${end - 1}/${size}',
    replace: '${start}-${end}/${size}',
  },
  {
    ...PAGE,
    what: 'packed and plain pages have one tag',
    find: "${coding === 'identity' ? '' : `-${coding}`}",
    replace: '',
  },
  {
    ...PAGE,
    what: 'Vary is not told',
    find: "isNegotiated ? 'Accept, Accept-Encoding' : 'Accept-Encoding'",
    replace: "'Accept-Encoding'",
  },
  { ...PAGE, what: 'other pages may stand around it', find: "; frame-ancestors 'none'`", replace: '`' },
  {
    ...PUBLISHED,
    what: 'files that no page lists are served',
    find: 'if (size !== undefined) return side',
    replace: 'if (size !== null) return side',
  },
  {
    ...PUBLISHED,
    what: 'side-files are not served',
    find: 'const side = servedSideOf(path);',
    replace: 'const side = undefined as ReturnType<typeof servedSideOf>;',
  },
  {
    ...METRICS,
    what: 'what a proxy passes on counts as from here',
    find: 'PASSED_ON.every((name) => headers[name] === undefined)',
    replace: 'PASSED_ON.length > 0',
  },
  { ...METRICS, what: 'any host counts as from here', find: "LOOPBACK_HOST.test(headers.host ?? '') &&", replace: '' },
  {
    ...HOSTS,
    what: 'a client may name any number of hosts',
    find: 'if (untilMs - nowMs > NEW_HOSTS * NEW_HOST_MS) return false;',
    replace: '',
  },
  {
    ...BODIES,
    what: 'memory has no limit',
    find: 'while (this.#bytes > this.#limitBytes) {',
    replace: 'while (this.#bytes < 0) {',
  },
  {
    ...BODIES,
    what: 'a page that two clients get counts twice',
    find: 'if (users === 0) this.#bytes',
    replace: 'this.#bytes',
  },
  {
    ...CONNECTIONS,
    what: 'a client may have any number of connections',
    find: 'if (own.size >= mostOf) return',
    replace: 'if (own.size < 0) return',
  },
  {
    ...CONNECTIONS,
    what: 'the greediest client keeps its connections',
    find: 'if (one.size > greediest.size) greediest = one;',
    replace: '{}',
  },
];
