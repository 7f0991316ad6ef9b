import type { Break } from './break.ts';

const JUDGE = { file: 'src/policy/judge-upstream.ts', test: 'src/policy/judge-upstream.test.ts' };
const TIMES = { file: 'src/policy/release-times.ts', test: 'src/policy/judge-upstream.test.ts' };
const EARLY = { file: 'src/policy/early-fixes.ts', test: 'src/policy/judge-upstream.test.ts' };
const OSV = { file: 'src/standards/osv/advisory.ts', test: 'src/standards/osv/osv.test.ts' };
const RANGES = { file: 'src/standards/osv/ranges.ts', test: 'src/standards/osv/osv.test.ts' };
const ADMISSION = { file: 'src/admission/admission.ts', test: 'src/admission/admission.test.ts' };
const KNOWN = { file: 'src/index/known-malware.ts', test: 'test/known-malware.test.ts' };
const REFUSED = { file: 'src/admission/remove-refused.ts', test: 'src/admission/remove-refused.test.ts' };
const WITHDRAW = { file: 'src/names/withdraw-kept.ts', test: 'test/at-hand.test.ts' };
const AT_HAND = { file: 'src/upstream/pages/keep-at-hand.ts', test: 'src/upstream/pages/keep-at-hand.test.ts' };
const READ = { file: 'src/advisories/read-advisories.ts', test: 'src/advisories/advisories.test.ts' };

export const SUPPLY_CHAIN_BREAKS: readonly Break[] = [
  {
    ...WITHDRAW,
    what: 'a publish leaves pages of what is at hand as they were',
    find: 'later.push(...removeAtHand(config.root, names));',
    replace: '',
  },
  {
    ...WITHDRAW,
    what: 'what was kept of a name stays when it becomes own',
    find: 'for (const project of own) later.push(...removeKeptProject(root, project));',
    replace: '',
  },
  {
    ...WITHDRAW,
    what: 'a line in kho.toml lets go of nothing that is kept',
    find: 'if (isSame && findOwn().length === 0) return notes;',
    replace: 'if (isSame) return notes;',
  },
  {
    file: 'src/index/publish-asked.ts',
    test: 'test/at-hand.test.ts',
    what: 'a file that somebody waits for leaves what is kept of its name',
    find: ', ...withdrawKept(config, [...lines.keys()], filesOf, later)',
    replace: '',
  },
  {
    ...AT_HAND,
    what: 'a page of what is at hand is written while somebody publishes',
    find: 'return await lockSite(root, { waitMs: 0 });',
    replace: 'return () => {};',
  },
  {
    ...AT_HAND,
    what: 'a page of what is at hand is written after a publish that died',
    find: "if (new Journal(place.root, 'journal').isLeft) return 'late';",
    replace: '',
  },
  {
    ...AT_HAND,
    what: 'a page of what is at hand is made of what was there before the lock was had',
    find: 'const detail = decided ? make() : undefined;',
    replace: 'const detail = decided ? before : undefined;',
  },
  {
    ...AT_HAND,
    what: 'a server with an older kho.toml lists files of another index under a name that is own',
    find: "new NameKeeper(() => config).originOf(project).is !== 'own'",
    replace: 'project !== undefined',
  },
  {
    file: 'src/upstream/pages/upstream-pages.ts',
    test: 'src/upstream/pages/pull-pages.test.ts',
    what: 'a page of a name that became own while it came is kept',
    find: '    if (!mayAsk(project)) return;\n',
    replace: '',
  },
  {
    file: 'src/upstream/files/bring-file.ts',
    test: 'test/upstream-kept.test.ts',
    what: 'a file of a name that became own while it came is kept',
    find: 'if (!mayKeep()) {',
    replace: 'if (false) {',
  },
  {
    file: 'src/pages/kept-elsewhere.ts',
    test: 'test/shown-origins.test.ts',
    what: 'a public page lists what machines of a private repository asked for',
    find: '!repositories.some((each) => each.private && passesOn(each))',
    replace: 'repositories.length > 0',
  },
  {
    file: 'src/pages/shown-origins.ts',
    test: 'test/shown-left-out.test.ts',
    what: 'a public page tells what does not come in of what a private repository passes on too',
    find: 'if (!judging || !mayTellOffer(repository, config)) return [];',
    replace: 'if (!judging) return [];',
  },
  {
    file: 'src/pages/left-out-pages.ts',
    test: 'test/shown-left-out.test.ts',
    what: 'a page tells that files are too young when they are old enough',
    find: ' && nowMs < (before.changesAtMs ?? Infinity)',
    replace: '',
  },
  {
    file: 'src/pages/left-out-pages.ts',
    test: 'test/shown-left-out.test.ts',
    what: 'a page does not follow other rules',
    find: 'admission.generation',
    replace: "''",
  },
  {
    file: 'src/pages/expected-pages.ts',
    test: 'test/shown-left-out.test.ts',
    what: 'time that has passed is a fault of pages',
    find: 'readPagesHeader(root)?.judgedMs ?? Date.now()',
    replace: 'Date.now()',
  },
  {
    file: 'src/admission/kept-offer.ts',
    test: 'test/shown-left-out.test.ts',
    what: 'what nobody has a time of waits anew with each build',
    find: 'if (judgement.unseen.length === 0) return judgement;',
    replace: 'if (judgement.unseen.length >= 0) return judgement;',
  },
  {
    file: 'src/admission/standing.ts',
    test: 'src/upstream/pages/merge-page.test.ts',
    what: 'files of a project in quarantine are listed',
    find: "if (status === 'quarantined') return { kind: 'quarantined' };",
    replace: '',
  },
  {
    file: 'src/cli/missing/upstream-candidates.ts',
    test: 'src/cli/missing/show-why.test.ts',
    what: 'kho why has machines take a wheel that lies',
    find: '} else if (held) refused',
    replace: '} else if (held && false) refused',
  },
  {
    file: 'src/cli/missing/upstream-candidates.ts',
    test: 'src/cli/missing/show-why.test.ts',
    what: 'kho why says nothing of a file that stands behind one of the site',
    find: 'if (inItsPlace.sha256 !== sha256) refused',
    replace: 'if (inItsPlace === undefined) refused',
  },
  {
    file: 'src/upstream/pages/upstream-pages.ts',
    test: 'src/cli/refresh/run-refresh.test.ts',
    what: 'a server does not see what kho refresh has brought',
    find: 'this.#takeNews(project, state);',
    replace: '',
  },
  {
    file: 'src/upstream/pages/refresh-pages.ts',
    test: 'src/cli/refresh/run-refresh.test.ts',
    what: 'kho refresh asks the next upstream for what the first one has',
    find: "if (page.is !== 'absent') break;",
    replace: '',
  },
  {
    file: 'src/mirror/remembered-pages.ts',
    test: 'src/mirror/remembered-pages.test.ts',
    what: 'a damaged page is taken for the one that came',
    find: ' || hashOf(bytes) !== sha256',
    replace: '',
  },
  {
    file: 'src/catalog/machine-choices.ts',
    test: 'src/catalog/machine-choices.test.ts',
    what: 'a pre-release counts as what machines take',
    find: '(!isPrerelease(ofTold.version) || isPrerelease(latest.version))',
    replace: 'latest !== undefined',
  },
  {
    ...REFUSED,
    what: 'what no page tells of any longer counts as too young',
    find: 'judgeUpstream({ files }, ageless, nowMs)',
    replace: 'judgeUpstream({ files }, policy, nowMs)',
  },
  {
    file: 'src/upstream/pages/page-orders.ts',
    test: 'src/upstream/pages/pull-policy.test.ts',
    what: 'nothing that is kept is removed when nobody asks for its page',
    find: "if (order.do === 'refuse') return removeRefused(order);",
    replace: "if (order.do === 'refuse') return 0;",
  },
  {
    ...KNOWN,
    what: 'files that are the own of the site count as malware of another index',
    find: 'decided.origins.has(originKey({ filename, sha256 }))',
    replace: 'true',
  },
  {
    ...KNOWN,
    what: 'malware is forgotten while advisories cannot be read',
    find: "return verdict.is === 'unknown' && isAsBefore && before?.problem?.code === CODE ? before.problem : undefined;",
    replace: 'return isAsBefore && verdict.is === "malware" ? before?.problem : undefined;',
  },
  {
    ...JUDGE,
    what: 'malware is let in by its name',
    find: "if (malware) return { kind: 'malware', id: malware.id };",
    replace: '',
  },
  {
    ...TIMES,
    what: 'each file of a release waits for itself',
    find: 'Math.max(releaseMs, time + cooldownMs)',
    replace: 'time + cooldownMs',
  },
  {
    ...TIMES,
    what: 'a file that came later counts as old as its release',
    find: 'times.filter((time) => time < first + DAY_MS)',
    replace: 'times',
  },
  { ...TIMES, what: 'other bytes under a name are no new file', find: 'sha256.slice(0, 32)', replace: "''" },
  {
    ...EARLY,
    what: 'any release that is not affected passes early',
    find: 'versionKey(range.before) === key && ',
    replace: '',
  },
  {
    ...OSV,
    what: 'what was withdrawn counts',
    find: '(withdrawn !== undefined && withdrawn !== null)',
    replace: 'false',
  },
  {
    ...RANGES,
    what: 'the last affected version is not',
    find: 'key <= versionKey(last)',
    replace: 'key < versionKey(last)',
  },
  {
    ...ADMISSION,
    what: 'what passes early is told again and again',
    find: 'news = early.filter(({ version, id }) => !told.has(`${version} ${id}`))',
    replace: 'news = early',
  },
  {
    ...READ,
    what: 'a file of another ecosystem takes the place of what was read',
    find: "if (gathered.isEmpty) throw new FormatError('not-an-archive', 'holds no advisory about a project of PyPI');",
    replace: '',
  },
];
