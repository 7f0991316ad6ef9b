import type { Break } from './break.ts';

const PLACE = { file: 'src/intake/place-whole.ts', test: 'src/intake/place-whole.test.ts' };
const PLACING = { file: 'src/intake/placing.ts', test: 'src/intake/placing.test.ts' };
const REFUSED = 'src/intake/refused-folder.test.ts';
const REFUSE = { file: 'src/intake/refuse-file.ts', test: 'src/intake/take-incoming.test.ts' };
const TAKE_SIDE = { file: 'src/intake/take-side.ts', test: 'src/intake/take-incoming.test.ts' };
const SCAN = { file: 'src/intake/scan-incoming.ts', test: 'src/intake/hostile-incoming.test.ts' };
const LEFTOVERS = { file: 'src/intake/leftovers.ts', test: 'src/intake/intake-leftovers.test.ts' };
const ORIGINALS = { file: 'src/intake/originals.ts', test: 'src/intake/originals.test.ts' };
const CHOOSE = { file: 'src/intake/choose-repositories.ts', test: 'src/intake/choose-repositories.test.ts' };

export const INTAKE_BREAKS: readonly Break[] = [
  { ...PLACING, what: 'names are never flushed', find: 'flushFolder(folder);', replace: '{}' },
  {
    ...PLACING,
    what: 'a source goes that was changed meanwhile',
    find: 'if (isUnchanged(path, stamp)) removeFile(path);',
    replace: 'removeFile(path);',
  },
  { ...PLACING, what: 'a text is not flushed', find: 'flushPath(own);', replace: '' },
  {
    ...PLACE,
    what: 'a copy is not flushed',
    test: PLACING.test,
    find: 'flushPath(to);\n    return to;\n  } catch (error) {\n    removeFile(to);\n    throw WENT_AWAY',
    replace: 'return to;\n  } catch (error) {\n    removeFile(to);\n    throw WENT_AWAY',
  },
  {
    ...PLACE,
    what: 'a linked file is not flushed',
    test: PLACING.test,
    find: 'if (!source.isFlushed) flushPath(to);',
    replace: '',
  },
  {
    ...PLACE,
    what: 'a copy with other bytes is placed',
    find: 'if ((written ?? (await hashFile(to))) !== sha256) throw isChanging();',
    replace: '',
  },
  { ...PLACE, what: 'a file that others may write gets a second name', find: '!isOursAlone(before) || ', replace: '' },
  { ...PLACE, what: 'a file with another name gets one more', find: ' || before.nlink !== 1', replace: '' },
  { ...PLACE, what: 'what is there is replaced unasked', find: '!mayReplace || ', replace: '' },
  {
    ...PLACE,
    what: 'a folder or device counts as replaceable',
    test: PLACING.test,
    find: ' || !(statsThere?.isFile() || statsThere?.isSymbolicLink())',
    replace: '',
  },
  {
    ...PLACE,
    what: 'equal sizes count as equal bytes',
    find: 'if ((await hashFile(to, fileStamp(statsThere))) === sha256) return',
    replace: 'return',
  },
  { ...PLACE, what: 'modes stay as they were', find: 'setMode(to, MODE, stamp);', replace: '{}' },
  {
    ...PLACE,
    what: 'what was made on the way stays',
    test: PLACING.test,
    find: 'if (ready !== source.path) removeFile(ready);',
    replace: '',
  },
  {
    ...PLACE,
    what: 'a file is unchanged if its size is',
    find: 'isSameFile(now, stamp) && isUntouched(now, stamp)',
    replace: 'now.size === stamp.size',
  },
  {
    ...REFUSE,
    what: 'a refused file is moved before its reason is written',
    find: 'run.placing.placeText(reason, join(refused, `${name}.txt`));',
    replace: '',
  },
  {
    ...REFUSE,
    what: 'the same bytes are kept twice',
    find: 'if (sameFile) {',
    replace: 'if (sameFile && run === undefined) {',
  },
  {
    ...REFUSE,
    what: 'a link may stand in the place of refused/',
    test: REFUSED,
    find: 'else if (!stats.isDirectory()) {',
    replace: 'else if (stats === null) {',
  },
  {
    ...TAKE_SIDE,
    what: 'a side-file that several files could be meant by goes to all',
    test: 'src/intake/take-apart.test.ts',
    find: 'if (new Set(hashes).size > 1) {',
    replace: 'if (new Set(hashes).size > 100) {',
  },
  {
    ...TAKE_SIDE,
    what: 'a side-file that is there is replaced',
    find: 'if (sameNamed.length > 0 && !place.mayReplace) {',
    replace: 'if (run === undefined) {',
  },
  {
    ...TAKE_SIDE,
    what: 'metadata of others is published',
    find: "if (side.side === 'metadata') {",
    replace: 'if (run === undefined) {',
  },
  {
    ...TAKE_SIDE,
    what: 'a side-file without package is told of at once',
    find: '> WAIT_FOR_PACKAGE_MS',
    replace: '> -1',
  },
  { ...SCAN, what: 'links in incoming/ are followed', find: 'entry.isSymbolicLink()) {', replace: 'run === 1) {' },
  {
    ...SCAN,
    what: 'refused files are taken up again',
    test: REFUSED,
    find: 'full === scan.refused || ',
    replace: '',
  },
  {
    ...SCAN,
    what: 'incoming/ may lead into packages/',
    test: 'src/intake/take-incoming.test.ts',
    find: 'refuseNesting(folder, config);',
    replace: '',
  },
  { ...LEFTOVERS, what: 'a folder of an uploader is removed', find: '(stats.mode & OTHERS) === 0', replace: 'true' },
  {
    ...LEFTOVERS,
    file: 'src/io/own-leftover.ts',
    what: 'files of live runs are removed',
    find: 'if (!isAbandoned(name)) return false;',
    replace: '',
  },
  { ...ORIGINALS, what: 'originals/ may be a link', find: 'if (stats.isDirectory()) continue;', replace: 'continue;' },
  {
    ...ORIGINALS,
    what: 'an original is kept over another',
    find: 'return kept === 0 ? name : `${name}.${kept + 1}`;',
    replace: 'return kept < 9 ? name : `${name}`;',
  },
  {
    ...CHOOSE,
    what: 'a binary goes to repositories that take anything too',
    find: 'return saying.length > 0 ? saying : fitting;',
    replace: 'return saying.length > 99 ? saying : fitting;',
  },
  {
    ...CHOOSE,
    what: 'a pure file goes to those that include it too',
    find: 'others.filter((repository) => !includesPure(repository))',
    replace: 'others.filter((repository) => includesPure(repository) || true)',
  },
  {
    file: 'src/upload/upload-desk.ts',
    test: 'src/upload/gone-clients.test.ts',
    what: 'who left while waiting is waited for',
    find: 'if (gone.signal.aborted) throw new ClientGone();',
    replace: '',
  },
  {
    file: 'src/upload/upload-desk.ts',
    test: 'src/upload/gone-clients.test.ts',
    what: 'who waits is given signs as seldom as who is being received',
    find: 'this.#giveSigns(asked, this.#limits.waitingSignMs)',
    replace: 'this.#giveSigns(asked, this.#limits.signMs)',
  },
  {
    file: 'src/upload/told-repositories.ts',
    test: 'src/upload/private-names.test.ts',
    what: 'private repositories are named to who may not read them',
    find: 'name === wanted || readable.has(name);',
    replace: 'true;',
  },
  {
    file: 'src/upload/told-repositories.ts',
    test: 'src/upload/private-names.test.ts',
    what: 'what is in a private repository is told to who may not read there',
    find: 'mayRead: (name) => readable.has(name)',
    replace: 'mayRead: () => true',
  },
  {
    file: 'src/server/access-log.ts',
    test: 'src/upload/token-life.test.ts',
    what: 'tokens in addresses are logged',
    find: "line.includes('kho_') ? withoutTokens(line) : line",
    replace: 'line',
  },
  {
    file: 'src/upload/upload-name.ts',
    test: 'src/upload/upload-name.test.ts',
    what: 'a file may be called like a token',
    find: 'withoutTokens(filename, true) !== filename',
    replace: 'false',
  },
  {
    file: 'src/access/token-store.ts',
    test: 'src/upload/token-life.test.ts',
    what: 'tokens are read once',
    find: 'if (stamp === this.#stamp) return;',
    replace: "if (this.#stamp !== '') return;",
  },
];
