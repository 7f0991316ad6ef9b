import type { Break } from './break.ts';

const KILLED = { file: 'src/sync/publish-sync.ts', test: 'test/beside/sync-killed.test.ts' };
const PLAN = { file: 'src/sync/plan-repository.ts', test: 'src/sync/sign-heads.test.ts' };
const NEXT = { file: 'src/sync/next-head.ts', test: 'src/sync/next-head.test.ts' };
const SIGN = { file: 'src/sync/sign-heads.ts', test: 'src/sync/sign-heads.test.ts' };
const CATALOGUE = { file: 'src/sync-format/catalogue.ts', test: 'src/sync-format/catalogue.test.ts' };
const LINE = { file: 'src/sync-format/catalogue-line.ts', test: 'src/sync-format/catalogue.test.ts' };
const DIFF = { file: 'src/sync-format/catalogue-diff.ts', test: 'src/sync-format/catalogue-diff.test.ts' };
const SSHSIG = { file: 'src/standards/sshsig/ssh-signature.ts', test: 'src/standards/sshsig/ssh-signature.test.ts' };
const SIGNERS = { file: 'src/standards/sshsig/allowed-signers.ts', test: 'src/standards/sshsig/ssh-signature.test.ts' };
const HISTORY = { file: 'src/check/check-history.ts', test: 'src/check/check-history.test.ts' };

export const CENTRE_BREAKS: readonly Break[] = [
  {
    ...KILLED,
    what: 'a head gets its name before its catalogue',
    find: 'await stager.stageFiles(repository, files,',
    replace: 'await stager.stageFiles(repository, [...files].reverse(),',
  },
  {
    ...KILLED,
    what: 'a head is published that nobody remembers',
    find: 'keepHeads(target.root, kept, { site, made }, later);',
    replace: '',
  },
  {
    ...KILLED,
    what: 'a catalogue is named before its content is on the disk',
    find: 'toFlush: staged.toFlush,',
    replace: 'toFlush: [],',
  },
  {
    ...KILLED,
    what: 'the journal of a catalogue stays after a kill',
    find: 'if (isWhole && isSame && headsStand(',
    replace: 'if (isSame && headsStand(',
  },
  {
    ...KILLED,
    test: 'src/sync/publish-sync.test.ts',
    what: 'a busy site makes a catalogue with each build',
    find: 'if (input.onSyncDue && sameSettings',
    replace: 'if (false && input.onSyncDue && sameSettings',
  },
  {
    ...NEXT,
    what: 'what is published does not count',
    find: '[published, waiting, ...kept]',
    replace: '[waiting, ...kept]',
  },
  {
    ...NEXT,
    what: 'what is kept does not count',
    find: '[published, waiting, ...kept]',
    replace: '[published, waiting]',
  },
  {
    ...NEXT,
    what: 'what waits does not count',
    find: '[published, waiting, ...kept]',
    replace: '[published, ...kept]',
  },
  {
    ...PLAN,
    what: 'an unsigned head is published where heads are signed',
    find: "if (typeof signature === 'string') {",
    replace: 'if (false) {',
  },
  {
    ...PLAN,
    what: 'a head from before signatures stays',
    find: '(!wantsSignature || isSigned(target, repository, published))',
    replace: 'published',
  },
  {
    ...PLAN,
    test: 'src/check/check-history.test.ts',
    what: 'catalogues go on to tell of what is private by now',
    find: 'forgetsOld ? Number.POSITIVE_INFINITY : now',
    replace: 'now',
  },
  {
    ...SIGN,
    what: 'a head is published before its signature',
    find: '[asFile(signaturePath(waiting.sha256), signature.text), asFile(HEAD_PATH, waiting.text)]',
    replace: '[asFile(HEAD_PATH, waiting.text), asFile(signaturePath(waiting.sha256), signature.text)]',
  },
  {
    ...SIGN,
    what: 'an older head is published over a newer one',
    find: 'isOver && published.head.counter >= head.counter',
    replace: 'false',
  },
  {
    ...SIGN,
    what: 'a signature is published unseen',
    find: "return typeof judged === 'string' ? judged : undefined;",
    replace: 'return undefined;',
  },
  {
    ...CATALOGUE,
    what: 'one path may be there for two projects',
    find: 'if (this.#files.has(path)) return',
    replace: 'if (false) return',
  },
  { ...LINE, what: 'a path may lead anywhere', find: 'if (!parts.every(isPlainName))', replace: 'if (false)' },
  { ...LINE, what: 'a file may be of any project', find: 'if (!projects.includes(project))', replace: 'if (false)' },
  {
    ...DIFF,
    what: 'what a difference makes is believed',
    find: 'if (sha256Of(text) !== wanted.sha256)',
    replace: 'if (false)',
  },
  { ...SSHSIG, what: 'a signature for any purpose counts', find: 'if (usedFor !== namespace)', replace: 'if (false)' },
  {
    ...SSHSIG,
    what: 'a signature of anything counts',
    find: 'return isSigned(signed, key, inner) ?',
    replace: 'return true ?',
  },
  { ...SIGNERS, what: 'a key that was revoked counts', find: 'if (revoked?.has(fingerprint))', replace: 'if (false)' },
  {
    ...SIGNERS,
    what: 'the key of an authority signs itself',
    find: "if (options.has('cert-authority'))",
    replace: 'if (false)',
  },
  {
    ...HISTORY,
    what: 'a file that was rewritten is not told of',
    find: 'now.sha256 !== file.sha256',
    replace: 'false',
  },
  { ...HISTORY, what: 'a file that went is not told of', find: '!isExplained(file)', replace: 'false' },
];
