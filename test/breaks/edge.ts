import type { Break } from './break.ts';

const PULL = { test: 'src/follow/pull.test.ts' };
const HEAD = { file: 'src/follow/check-head.ts', test: 'src/follow/check-head.test.ts' };

const REPORT = { file: 'src/changes/keep-report.ts', test: 'src/changes/keep-report.test.ts' };

export const EDGE_BREAKS: readonly Break[] = [
  {
    ...HEAD,
    what: 'an older head is believed',
    find: 'if (head.counter < before.counter)',
    replace: 'if (false)',
  },
  {
    ...HEAD,
    what: 'a head of another site is believed',
    find: 'if (head.site !== before.site) {',
    replace: 'if (false) {',
  },
  {
    ...PULL,
    file: 'src/follow/ask-head.ts',
    what: 'what is kept is believed though its signer may sign no more',
    find: 'if (signers) checkSignature(Buffer.from(before.head), signature, signers, { repository, shown });',
    replace: '',
  },
  {
    ...PULL,
    file: 'src/follow/pull-locks.ts',
    what: 'a lock file that is not whole is placed',
    find: 'if (lacking.length > 0) {',
    replace: 'if (lacking.length > 99) {',
  },
  {
    ...PULL,
    file: 'src/follow/pull-plan.ts',
    what: "the team's own file gets other bytes",
    find: 'if (other && pulled.get(filename)?.sha256 !== other.sha256) {',
    replace: 'if (false) {',
  },
  {
    ...PULL,
    file: 'src/follow/pull-plan.ts',
    what: 'what a lock file of the site names goes',
    find: '!kept.has(keyOf(file)) && !isLocked(file)',
    replace: '!kept.has(keyOf(file))',
  },
  {
    ...PULL,
    file: 'src/follow/followed-site.ts',
    what: 'what a run that was killed had changed is never published',
    find: 'this.#state.isDue = true;',
    replace: '',
  },
  {
    file: 'src/follow/pull-folder.ts',
    test: 'src/follow/pull-folder.test.ts',
    what: "after a reboot a part counts as somebody else's",
    find: 'takeOverParts(path);',
    replace: '',
  },
  {
    ...REPORT,
    what: 'a token tells of a repository that it is not for',
    find: 'if (why !== undefined) throw new Forbidden(why);',
    replace: '',
  },
  {
    ...REPORT,
    what: 'what an edge has of another site counts',
    find: ' || readKeptHeads(config.root).site !== report.site',
    replace: '',
  },
  {
    ...REPORT,
    what: 'what came is kept as it came',
    find: 'edgeReportText(report, new Date(nowMs).toISOString(), token.name)',
    replace: 'text',
  },
  {
    file: 'src/changes/change-desk.ts',
    test: REPORT.test,
    what: 'who may not report is not in the log',
    find: "noteBefore(refusals, asked, { event: 'refused', who: entered.token.name, reason: `${action}: ${unheard}` });",
    replace: '',
  },
  {
    file: 'src/follow/send-report.ts',
    test: 'src/follow/send-report.test.ts',
    what: 'packages are looked at though nothing is to be told',
    find: 'if (toldOf === followed.toldOf) return undefined;',
    replace: '',
  },
  {
    file: 'src/follow/bring-lock.ts',
    test: 'src/follow/bring-lock.test.ts',
    what: 'each file is asked for again and again over a line that is gone',
    find: 'fruitless >= MOST_FRUITLESS || round.isVain',
    replace: 'round.isVain',
  },
  {
    file: 'src/follow/in-the-way.ts',
    test: 'src/follow/bring-lock.test.ts',
    what: 'a page to sign in with is taken for half a file',
    find: 'if (isCalledPage(reply) && total !== size) throw page(reply);',
    replace: '',
  },
  {
    file: 'src/follow/hold-pull.ts',
    test: 'src/follow/hold-pull.test.ts',
    what: 'two pulls bring the same at once',
    find: 'const unlock = await lockSite(root, { of: { pullsInto: into }, waitMs: 0 });',
    replace: 'const unlock = () => {};',
  },
  {
    file: 'src/follow/closures.ts',
    ...PULL,
    what: 'one lock file that cannot be read stops the others',
    find: "const isUnread = goesOn && error instanceof KhoError && error.code === 'READ';",
    replace: 'const isUnread = false;',
  },
  {
    file: 'src/follow/closures.ts',
    ...PULL,
    what: 'a lock file that a power cut emptied needs nothing any more',
    find: "isWritten ||= text.trim() !== '';",
    replace: 'isWritten = true;',
  },
];
