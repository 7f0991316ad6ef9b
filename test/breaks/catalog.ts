import type { Break } from './break.ts';

const COVERAGE = { file: 'src/catalog/coverage.ts', test: 'src/catalog/coverage.test.ts' };
const JUDGE = { file: 'src/catalog/judge-file.ts', test: 'src/catalog/judge-file.test.ts' };
const LISTING = { file: 'src/catalog/resolve-listing.ts', test: 'src/catalog/resolve-listing.test.ts' };
const PROJECT = { file: 'src/catalog/build-project.ts', test: 'src/catalog/build-project.test.ts' };
const SUMMARY = { file: 'src/catalog/platform-summary.ts', test: 'src/catalog/platform-summary.test.ts' };
const BEST = { file: 'src/catalog/best-file.ts', test: 'src/catalog/best-file.test.ts' };
const SEEN = { file: 'src/catalog/seen-machines.ts', test: 'src/catalog/seen-machines.test.ts' };
const ALIKE = { file: 'src/catalog/look-alikes.ts', test: 'src/catalog/look-alikes.test.ts' };

const PACKAGE_READER = { file: 'src/inspect/package-reader.ts', test: 'src/inspect/package-reader.test.ts' };

export const CATALOG_BREAKS: readonly Break[] = [
  { ...COVERAGE, what: 'what new clients pass over counts', find: 'if (isPassedOver) return undefined;', replace: '' },
  {
    ...COVERAGE,
    what: 'Requires-Python does not count',
    find: 'fit.takesPython(file.requiresPython)',
    replace: 'true',
  },
  { ...COVERAGE, what: 'the worst file decides', find: 'a.rank - b.rank', replace: 'b.rank - a.rank' },
  {
    ...COVERAGE,
    what: 'the oldest version comes first',
    find: 'compareVersions(b.version, a.version)',
    replace: 'compareVersions(a.version, b.version)',
  },
  {
    ...COVERAGE,
    what: 'yanked files are listed',
    find: "file.yanked === undefined ? 'listed' : 'yanked'",
    replace: "'listed'",
  },
  {
    ...COVERAGE,
    what: 'the newest of several floors is told',
    find: '.sort(compareVersions)[0];',
    replace: '.sort(compareVersions).at(-1);',
  },
  {
    ...COVERAGE,
    what: 'a glibc floor is told of musl machines',
    find: "!wheel || !machine.platform.startsWith('glibc-')",
    replace: '!wheel || !machine',
  },
  {
    ...COVERAGE,
    what: 'a held wheel behind a listed sdist is not told',
    find: '...(!listed.wheel && heldWheel && { heldWheel: heldWheel.filename }),',
    replace: '',
  },
  { ...JUDGE, what: 'lies are listed', find: 'if (lie !== undefined) return {', replace: "if (lie === '') return {" },
  {
    ...JUDGE,
    what: 'wheels for other machines are listed',
    find: 'if (fitting.length === 0 && isParticular(repository)) {',
    replace: 'if (fitting.length < 0) {',
  },
  {
    ...JUDGE,
    what: 'wheels for newer machines are listed',
    find: 'isNewer(platform.libc, floor) ? floor : undefined',
    replace: 'isNewer(floor, floor) ? floor : undefined',
  },
  { ...JUDGE, what: 'tags that no installer has are listed', find: 'if (unknown) return unknown;', replace: '' },
  {
    ...JUDGE,
    what: 'harmless lies are held',
    find: 'return floor !== undefined && !isNewer(needs.libc, floor);',
    replace: 'return floor === null;',
  },
  {
    ...JUDGE,
    what: 'mayBeListed() takes lies',
    find: 'if (lieOf(file, repository) !== undefined) return false;',
    replace: '',
  },
  {
    ...JUDGE,
    what: 'mayBeListed() takes unknown tags',
    find: 'if (judgeTagNames(file) !== undefined) return false;',
    replace: '',
  },
  {
    ...JUDGE,
    what: 'mayBeListed() takes what is for newer machines',
    find: 'return fitting.some((platform) => floorBelow(platform, repository) === undefined);',
    replace: 'return true;',
  },
  {
    ...JUDGE,
    what: 'the place that takes anything is named first',
    find: 'particular.length > 0 ? particular : places',
    replace: 'places',
  },
  { ...LISTING, what: 'an included file hides an own one', find: '!ownNames.has(file.filename) && ', replace: '' },
  {
    ...LISTING,
    what: 'other bytes of one name are listed',
    find: 'others.every((other) => other.sha256 === first.sha256)',
    replace: 'others.every((other) => other.sha256)',
  },
  {
    ...LISTING,
    what: 'names that are spelled differently count as two',
    find: ' && (!twin || twin.sha256 === file.sha256)',
    replace: '',
  },
  {
    ...LISTING,
    what: 'what machines cannot run is included',
    find: 'if (sources.takes?.(repository, file) === false) continue;',
    replace: '',
  },
  {
    ...LISTING,
    what: 'hidden files are not told',
    find: 'if (hiding && hiding.sha256 !== file.sha256)',
    replace: 'if (hiding === null)',
  },
  {
    ...LISTING,
    what: 'files are not sorted',
    find: '.sort((a, b) => (a.filename < b.filename ? -1 : 1));',
    replace: ';',
  },
  {
    ...PROJECT,
    what: 'a quarantined project offers files',
    find: "settings.status === 'quarantined' ? [] : files",
    replace: 'files',
  },
  { ...PROJECT, what: 'a yanked release is the latest', find: '(isYanked(release) ? 2 : 0)', replace: '0' },
  { ...PROJECT, what: 'a pre-release is the latest', find: '(isPrerelease(release.version) ? 1 : 0)', replace: '0' },
  {
    ...PROJECT,
    what: 'the order of files decides how a version is spelled',
    find: 'if (file.version < release.version) release.version = file.version;',
    replace: '',
  },
  {
    ...PROJECT,
    what: 'the oldest release comes first',
    find: 'compareVersions(b.version, a.version)',
    replace: 'compareVersions(a.version, b.version)',
  },
  { ...SUMMARY, what: 'newer releases count as behind', find: 'at > current && ', replace: '' },
  {
    ...SUMMARY,
    what: 'a Python that is left out is lacking',
    find: " && stateOf(rows[current], place) !== 'excluded'",
    replace: '',
  },
  {
    ...SUMMARY,
    what: 'the lowest floor is told',
    find: 'floors.sort(compareVersions).at(-1)',
    replace: 'floors.sort(compareVersions).at(0)',
  },
  { ...BEST, what: 'a yanked file tells about a release', find: '(file.yanked === undefined ? 0 : 2)', replace: '0' },
  {
    ...BEST,
    what: 'an sdist tells rather than a wheel',
    find: "(file.kind === 'wheel' ? 0 : 1)",
    replace: "(file.kind === 'wheel' ? 1 : 0)",
  },
  { ...BEST, what: 'the last of equals tells', find: 'rank(file) < rank(best)', replace: 'rank(file) <= rank(best)' },
  {
    ...SEEN,
    what: 'Pythons are sorted as text',
    find: 'Number.parseInt(a.slice(2), 10) - Number.parseInt(b.slice(2), 10) || ',
    replace: '',
  },
  {
    ...SEEN,
    what: 'misspelt machines have columns',
    find: 'if (architecture !== undefined && isMisspelt(architecture, family)) return [];',
    replace: '',
  },
  {
    ...SEEN,
    what: 'a plain linux tag is for both whatever is inside',
    find: "if (libc === 'glibc' || libc === 'musl') return",
    replace: 'if (libc === undefined && family === "") return',
  },
  {
    ...SEEN,
    what: 'free-threaded Pythons are as others',
    find: '...(threaded && { freeThreaded: true })',
    replace: '',
  },
  {
    ...ALIKE,
    what: 'wheels with a libc in their names look alike',
    find: "if (tag.family !== 'linux') continue;",
    replace: '',
  },
  {
    ...ALIKE,
    what: 'the order of files decides which are named',
    find: 'firstName === undefined || filename < firstName',
    replace: 'firstName === undefined',
  },
  {
    what: 'pages read anew what the indexes have read',
    file: 'src/build-site.ts',
    find: 'const settings = { ...options, whole, known, packages };',
    replace: 'const settings = { ...options, whole, known };',
    test: 'test/beside/reads.test.ts',
  },
  {
    ...PACKAGE_READER,
    what: 'what was read of a file tells of another in its place',
    find: 'isSameStamp(kept.stamp, stamp)',
    replace: 'kept.stamp',
  },
  {
    ...PACKAGE_READER,
    what: 'what is kept of packages has no limit',
    find: 'if (this.#keptBytes <= KEEP_BYTES) return;',
    replace: 'return;',
  },
  {
    ...PACKAGE_READER,
    what: 'one huge file leaves no room for the others',
    find: 'if (bytes > KEEP_BYTES) return;',
    replace: '',
  },
];
