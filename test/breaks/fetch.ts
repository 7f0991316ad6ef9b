import type { Break } from './break.ts';

const DOWNLOAD = { file: 'src/fetch/download-file.ts', test: 'src/fetch/download-file.test.ts' };
const AGAIN = { file: 'src/fetch/download-file.ts', test: 'src/fetch/download-again.test.ts' };
const FETCH = { file: 'src/fetch/fetch-files.ts', test: 'src/fetch/fetch-files.test.ts' };
const PAGE = { file: 'src/fetch/read-index-page.ts', test: 'src/fetch/read-index-page.test.ts' };
const SOURCE = { file: 'src/fetch/upstream-source.ts', test: 'src/fetch/upstream-source.test.ts' };
const PLACE = { file: 'src/fetch/place-fetched.ts', test: 'src/fetch/fetch-files.test.ts' };
const TARGET = { file: 'src/needs/choose-target.ts', test: 'src/needs/choose-target-python.test.ts' };

const MEMBERS = {
  file: 'src/fetch/members/assemble-from-older.ts',
  test: 'src/fetch/members/assemble-from-older.test.ts',
};
const MEMBER_PLAN = { file: 'src/fetch/members/assembly-plan.ts', test: MEMBERS.test };
const FAR_FILE = { file: 'src/fetch/members/far-file.ts', test: MEMBERS.test };

export const FETCH_BREAKS: readonly Break[] = [
  {
    file: 'src/fetch/download-file.ts',
    test: 'test/upstream-files.test.ts',
    what: 'an end that came wrong is put to each try',
    find: 'attempt === 1 ? options : { ...options, tail: undefined }',
    replace: 'options',
  },
  {
    file: 'src/fetch/download-file.ts',
    test: 'test/upstream-files.test.ts',
    what: 'what is known of the end of a file crosses the line again',
    find: 'const last = tail && !state.isMixedUp && part.size < tail.from ? tail.from - 1 : undefined;',
    replace: 'const last = undefined as number | undefined;',
  },
  {
    ...MEMBERS,
    what: 'what was put together is believed without its hash',
    find: "part.sha256() === file.sha256 ? 'assembled' : 'wrong'",
    replace: "'assembled'",
  },
  {
    ...MEMBERS,
    what: 'members are tried where they do not pay',
    find: 'bytes <= (file.size - have) * (1 - LEAST.savedShare)',
    replace: 'bytes > 0',
  },
  {
    ...MEMBER_PLAN,
    what: 'a header is made that does not fill its room',
    find: 'entry.offset + header.length + entry.compressedSize === entry.end ? header : undefined',
    replace: 'header',
  },
  {
    ...MEMBER_PLAN,
    what: 'each hole is asked for',
    find: 'lengthOf(run) >= JOINED_BYTES && holes <= HOLES_LIMIT',
    replace: 'true',
  },
  { ...FAR_FILE, what: 'another part is taken', find: 'part?.from !== from || ', replace: 'part === undefined || ' },
  {
    ...FAR_FILE,
    what: 'another file by then is taken',
    find: 'if (this.#state.validator === undefined) setValidator(this.#state, reply);',
    replace: '',
  },
  {
    ...AGAIN,
    what: 'what is whole already is thrown away at 416',
    find: 'reply.discard();\n    if (file.sha256 === part.sha256()) return;',
    replace: 'reply.discard();',
  },
  {
    ...AGAIN,
    what: 'after 416 the same rest is asked for again',
    find: 'await anew();\n    throw new Unreachable(`${shownAddress(url)} has no more',
    replace: 'throw new Unreachable(`${shownAddress(url)} has no more',
  },
  {
    ...AGAIN,
    what: 'a part that is too long is gone on with',
    find: 'if (size !== undefined && part.size >= size) await anew();',
    replace: '',
  },
  { ...AGAIN, what: 'what came is not flushed', find: 'part.flush();', replace: '' },
  { ...DOWNLOAD, what: 'hashes are not compared', find: 'await checkContent(file, part, partPath);', replace: '' },
  {
    ...DOWNLOAD,
    what: 'wrong content is kept to go on with',
    find: 'if (error instanceof WrongContent) {\n      removeFile(partPath);',
    replace: 'if (error instanceof WrongContent) {',
  },
  {
    ...DOWNLOAD,
    what: 'a file may be longer than the index says',
    find: 'if (part.size + chunk.length > limit) {',
    replace: 'if (part.size < 0) {',
  },
  {
    ...AGAIN,
    what: 'a file may end early',
    find: 'if (size !== undefined && part.size < size)',
    replace: 'if (part.size < 0)',
  },
  {
    ...DOWNLOAD,
    what: 'an answer from the start is added to a part',
    find: 'let toPass = beginsAt(reply, part.size) ? 0 : part.size;',
    replace: 'let toPass = 0;',
  },
  {
    ...DOWNLOAD,
    what: 'any hash is fine where a lock names some',
    find: 'allowedSha256s && !allowedSha256s.has(part.sha256())',
    replace: 'allowedSha256s?.size === -1',
  },
  {
    ...DOWNLOAD,
    what: 'what is no hash is passed over',
    find: 'if (broken === undefined) return;',
    replace: 'return;',
  },
  { ...FETCH, what: 'any name is written', find: 'checkName(one.file.filename);', replace: '' },
  {
    ...FETCH,
    what: 'a held file counts as brought',
    find: '(isHeld || !(await hasSameBytes(path, file)))',
    replace: '!(await hasSameBytes(path, file))',
  },
  {
    ...FETCH,
    what: 'a file with other bytes counts as brought',
    find: '(isHeld || !(await hasSameBytes(path, file)))',
    replace: 'isHeld',
  },
  { ...FETCH, what: 'the lock is kept', find: 'unlock();', replace: '' },
  {
    ...FETCH,
    what: 'one file that cannot be brought stops all',
    find: 'if (!(error instanceof KhoError)) throw error;',
    replace: 'throw error;',
  },
  {
    ...PLACE,
    what: 'other bytes of that name are passed over',
    find: "!== 'other bytes there') continue;",
    replace: "!== 'none') continue;",
  },
  {
    ...PAGE,
    what: 'any address is fetched from',
    find: 'return URL.canParse(text, base.href) && /^https?:$/.test(new URL(text, base).protocol);',
    replace: 'return URL.canParse(text, base.href);',
  },
  {
    ...PAGE,
    what: 'files of other projects are taken',
    find: 'return wheel.name === project ? ',
    replace: 'return wheel.name ? ',
  },
  {
    ...PAGE,
    what: 'yanked files are as good as others',
    find: 'isYanked: yanked !== undefined && yanked !== false && yanked !== null',
    replace: 'isYanked: false',
  },
  { ...PAGE, what: 'a negative size is believed', find: ' && size >= 0 && ', replace: ' && ' },
  {
    ...SOURCE,
    what: 'metadata with another hash is believed',
    find: "hash('sha256', bytes, 'hex') !== file.metadata",
    replace: 'false',
  },
  {
    ...SOURCE,
    what: 'a page is asked for each time',
    test: 'src/fetch/upstream-source-once.test.ts',
    find: 'pages.set(name, page);',
    replace: '',
  },
  {
    ...SOURCE,
    what: 'a failure counts as an empty page',
    find: 'if (reply.status !== 200) {',
    replace: 'if (reply.status !== 200) return [];\n  if (reply.status !== 200) {',
  },
  {
    ...TARGET,
    what: 'the oldest Python is taken',
    find: '.at(-1);\n  const newest',
    replace: '.at(0);\n  const newest',
  },
  { ...TARGET, what: 'a free-threaded Python is taken unasked', find: "!series.endsWith('t')", replace: 'series' },
  {
    ...TARGET,
    what: 'an empty repository has no Python',
    find: ' ?? newestOf(all.flatMap((each) => each.projects))',
    replace: '',
  },
  {
    ...TARGET,
    what: 'a Python that is none is taken',
    find: 'for (const written of python) readPython(written);',
    replace: '',
  },
  {
    ...TARGET,
    what: 'a Python asked for twice is answered twice',
    find: 'return [...new Set(python)];',
    replace: 'return [...python];',
  },
  {
    ...TARGET,
    what: 'a platform asked for twice is answered twice',
    find: '[...new Set(platforms)].flatMap',
    replace: 'platforms.flatMap',
  },
  { ...TARGET, what: 'any number of platforms is taken', find: ' && platforms.length <= MOST_PLATFORMS', replace: '' },
  {
    ...TARGET,
    what: 'pure files count as a platform',
    find: '.filter((platform) => platform !== ANY_PLATFORM)',
    replace: '',
  },
  {
    ...TARGET,
    what: 'a repository that is not there is taken',
    find: 'if (found) return found;',
    replace: 'return found as RepositoryConfig;',
  },
  {
    file: 'src/fetch/ask-only.ts',
    test: 'src/fetch/ask-only.test.ts',
    what: 'own names are asked for',
    find: "if (origin.is !== 'own') return",
    replace: 'return',
  },
  {
    file: 'src/names/judge-name.ts',
    test: 'src/names/names.test.ts',
    what: 'a name is forgotten with its last file',
    find: 'hasOwnFiles || remembered?.isSeen',
    replace: 'hasOwnFiles',
  },
  {
    file: 'src/names/remember-names.ts',
    test: 'src/names/names.test.ts',
    what: 'names are not written down',
    find: '    addNewNames(root, names, later);',
    replace: '',
  },
  {
    file: 'src/io/reach.ts',
    test: 'src/io/kept-state.test.ts',
    what: 'a folder that was put back is not seen',
    find: 'if (dev !== now?.dev || ino !== now.ino) forgetFolder(path);',
    replace: '',
  },
  {
    file: 'src/io/reach.ts',
    test: 'src/names/names.test.ts',
    what: 'the kept folder stays open',
    find: '  if (lasts) lasting.add(path);',
    replace: '',
  },
  {
    file: 'src/housekeeping/journal.ts',
    test: 'src/housekeeping/housekeeping.test.ts',
    what: 'what is done is not crossed out',
    find: '  await act();\n  removeJournal(root);',
    replace: '  await act();',
  },
];
