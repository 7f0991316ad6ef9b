import type { Break } from './break.ts';

const APPLY = { file: 'src/publish/apply.ts', test: 'src/publish/apply.test.ts' };
const PLACE = { file: 'src/publish/place-file.ts', test: 'src/publish/place-file-flush.test.ts' };
const STAGE = { file: 'src/publish/stage.ts', test: 'src/publish/stage.test.ts' };
const JOURNAL = { file: 'src/publish/journal.ts', test: 'src/publish/journal.test.ts' };
const SWEEP = { file: 'src/publish/sweep-folders.ts', test: 'src/publish/sweep-folders.test.ts' };
const MANIFEST = { file: 'src/publish/manifest.ts', test: 'src/publish/manifest.test.ts' };
const COPIES = { file: 'src/publish/old-copies.ts', test: 'src/publish/old-copies.test.ts' };
const LEFTOVERS = { file: 'src/publish/leftovers.ts', test: 'src/publish/leftovers.test.ts' };
const OWN_FILES = { file: 'src/publish/own-files.ts', test: 'src/publish/own-files.test.ts' };
const STATE = { file: 'src/publish/state-folder.ts', test: 'src/publish/state-folder.test.ts' };
const ORDER = { file: 'src/index/prepare-index.ts', test: 'test/publish-order.test.ts' };

export const PUBLISH_BREAKS: readonly Break[] = [
  { ...APPLY, what: 'no journal is written', find: 'journal.write(plan.changing)', replace: '[]' },
  {
    ...APPLY,
    what: 'nothing is flushed before it is moved',
    find: 'const written = [...ofJournal, ...plan.toFlush];',
    replace: 'const written: string[] = [];',
  },
  { ...APPLY, what: 'the journal stays', find: 'journal.remove(plan.journalMayComeBack);', replace: '' },
  { ...APPLY, what: 'nothing is written down', find: 'await plan.remember();', replace: '' },
  {
    ...APPLY,
    what: 'the journal goes before the records are written',
    find: 'await plan.remember();\n    journal.remove(plan.journalMayComeBack);',
    replace: 'journal.remove(plan.journalMayComeBack);\n    await plan.remember();',
  },
  {
    ...APPLY,
    what: 'paths that are not kho’s are removed',
    find: 'plan.removals.filter((path) => isOwnPath(path, target.copies !== undefined))',
    replace: 'plan.removals',
  },
  {
    ...APPLY,
    what: 'what a run that died left among pages stays',
    find: 'new Set([...own, ...sweep.pages])',
    replace: 'new Set(own)',
  },
  { ...APPLY, what: 'folders of pages that are gone stay', find: 'removeEmptyParents(target, path);', replace: '' },
  {
    ...APPLY,
    what: 'folders that a run that died made stay',
    find: 'removeEmptyFolders(locate(target, path));',
    replace: 'void path;',
  },
  { ...APPLY, what: 'moves go the wrong way round', find: 'of plan.moves)', replace: 'of [...plan.moves].reverse())' },
  { ...APPLY, what: 'folders are not made', find: 'makeFolder(folder);', replace: '' },
  { ...APPLY, what: 'foreign files are not told', find: 'sweep.foreign.map(foreignNote)', replace: '[]' },
  {
    ...JOURNAL,
    what: 'a damaged journal counts as whole',
    find: "isDamaged ? 'all' : ",
    replace: 'isDamaged ? new Set() : ',
  },
  {
    ...JOURNAL,
    what: 'an unreadable journal counts as none',
    find: "} catch {\n      return 'all';",
    replace: '} catch {\n      return undefined;',
  },
  { ...JOURNAL, what: 'that the journal went is not flushed', find: 'flushFolder(this.#folder);', replace: '{}' },
  {
    ...ORDER,
    what: 'lists are moved before projects',
    find: '[...all.flatMap((result) => result.moves), ...lists.moves]',
    replace: '[...lists.moves, ...all.flatMap((result) => result.moves)]',
  },
  {
    ...ORDER,
    what: 'files are removed before the pages that name them',
    find: 'isCompanion(a) - isCompanion(b)',
    replace: 'isCompanion(b) - isCompanion(a)',
  },
  {
    ...PLACE,
    what: 'a new companion that no page names is never flushed',
    find: 'into.published.set(file.path, [written, file.sha256]);\n      addWritten(into, path);',
    replace: 'into.published.set(file.path, [written, file.sha256]);',
  },
  {
    ...PLACE,
    what: 'a new companion is never flushed',
    find: 'addWritten(into, path);\n  } else {',
    replace: '} else {',
  },
  { ...PLACE, what: 'a replaced companion is never flushed', find: 'addWritten(into, temporary);', replace: '' },
  {
    ...PLACE,
    what: 'a companion is replaced before the pages',
    find: 'into.moves.push({ from: temporary, to: file.path });',
    replace: 'rename(temporary, path);',
  },
  {
    ...PLACE,
    what: 'a companion with the right stamp and the wrong hash stays',
    find: '? before[1] === file.sha256 :',
    replace: '? true :',
  },
  {
    ...PLACE,
    what: 'a companion that changed unseen stays',
    find: '(await hashFile(path)) === file.sha256',
    replace: 'true',
  },
  {
    ...PLACE,
    what: 'what could not be named is left behind',
    find: 'removeFile(temporary);\n      throw error;',
    replace: 'throw error;',
  },
  { ...STAGE, what: 'what is staged is not flushed', find: 'staged.toFlush.push(path);', replace: 'void path;' },
  { ...STAGE, what: 'a page with other inputs stays', find: ' && knownPage[1] === page.inputs', replace: '' },
  {
    ...STAGE,
    what: 'a page that somebody changed stays',
    find: 'knownPage?.[0] === stampNow && ',
    replace: 'knownPage && ',
  },
  {
    ...STAGE,
    what: 'a page is written though its bytes are there',
    find: '&& hasContent(path, stampNow, content)',
    replace: '&& false',
  },
  {
    ...STAGE,
    what: 'a new folder is moved once for each page in it',
    find: 'newFolders.set(newFolder, folder);',
    replace: '',
  },
  {
    ...STAGE,
    what: 'hidden folders stay',
    find: 'if (name.startsWith(this.name)) removeFolder(join(folder, name));',
    replace: 'void name;',
  },
  { ...SWEEP, what: 'published pages are swept', find: 'if (!ownPages?.has(filePath))', replace: '' },
  { ...SWEEP, what: 'lists are swept', find: ': isRoot(path)) continue;', replace: ': false) continue;' },
  {
    ...SWEEP,
    what: 'what a run that died left is not looked for',
    find: "unsure !== 'all' && !unsure.has(name)",
    replace: 'true',
  },
  {
    ...SWEEP,
    what: 'any number of foreign files is passed over',
    find: 'sweep.foreign.length > MOST_FOREIGN',
    replace: 'false',
  },
  {
    ...SWEEP,
    what: 'files of others are swept',
    find: '(isOwn ? sweep.pages : sweep.foreign)',
    replace: 'sweep.pages',
  },
  { ...MANIFEST, what: 'a manifest of another format is believed', find: 'header.format !== FORMAT || ', replace: '' },
  {
    ...MANIFEST,
    what: 'lists that lead out of the site are believed',
    find: ' || ![...roots.keys()].every(leadsDown)',
    replace: '',
  },
  {
    ...MANIFEST,
    what: 'pages that lead out of the site are believed',
    find: 'if (!leadsDown(path)) return undefined;',
    replace: '',
  },
  { ...MANIFEST, what: 'lost records are not noticed', find: ' || records.length !== header.projects', replace: '' },
  {
    ...MANIFEST,
    what: 'a manifest that others may write is believed',
    find: 'Manifest | undefined {\n  if (!isStateTrusted(root)) return undefined;',
    replace: 'Manifest | undefined {',
  },
  {
    ...COPIES,
    what: 'an announcement forgets those before it',
    find: '...announcedCopies(target), ...paths',
    replace: '...paths',
  },
  {
    ...COPIES,
    what: 'an announcement that leads out of the site is believed',
    find: '.lines.filter(leadsDown)',
    replace: '.lines',
  },
  {
    ...COPIES,
    what: 'copies that are published are removed',
    find: '.filter((path) => !published.has(path))',
    replace: '',
  },
  {
    ...COPIES,
    what: 'announced copies are foreign',
    find: ' || announced.has(fromRoot(repository, owner))',
    replace: '',
  },
  {
    ...COPIES,
    what: 'packages of others are published over',
    find: 'if (foreign.length > 0) {',
    replace: 'if (false) {',
  },
  {
    ...LEFTOVERS,
    what: 'metadata of a package that came back is removed',
    find: "if (!look(path.slice(0, -'.metadata'.length)))",
    replace: '',
  },
  {
    ...LEFTOVERS,
    what: 'leftovers in packages/ of --out are not found',
    find: 'if (target.copies) for',
    replace: 'if (false) for',
  },
  {
    ...LEFTOVERS,
    what: 'a leftover is removed where others may swap it',
    find: 'makePrivateFolder(own, 0o700);',
    replace: 'makePrivateFolder(own, 0o777);',
  },
  { ...OWN_FILES, what: 'any page called html is kho’s', find: '&& isReplaceableIndex(startOf(path))', replace: '' },
  { ...OWN_FILES, what: 'any JSON is an index', find: 'JSON_INDEX.test(startOf(path))', replace: 'true' },
  { ...OWN_FILES, what: 'hidden files of others are kho’s', find: 'return isOwn(stats.uid);', replace: 'return true;' },
  {
    ...STATE,
    what: 'a state folder of others is used',
    find: 'if (!stats || isStateTrusted(root)) return;',
    replace: 'return;',
  },
];
