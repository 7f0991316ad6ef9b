import type { Break } from './break.ts';

const SIMULATION = 'test/bucket-simulation.test.ts';
const PUSH = 'src/bucket/push-to-bucket.test.ts';
const CHECK = 'src/bucket/check-bucket.test.ts';

/** Of pushing to buckets, each found by so many lives drawn from seeds that the few of the unit test do. */
const FOUND_OFTEN: readonly Break[] = [
  {
    what: 'a package goes as soon as no page names it',
    file: 'src/bucket/shard-plan.ts',
    find: 'return object.sinceMs !== 0 && dueMs(object, graceMs) <= nowMs;',
    replace: 'return object.sinceMs !== 0;',
    test: SIMULATION,
  },
  {
    what: 'pages are put before what they name',
    file: 'src/bucket/put-queue.ts',
    find: 'for (const step of OBJECT_STEPS) {',
    replace: 'for (const step of [...OBJECT_STEPS].reverse()) {',
    test: SIMULATION,
  },
];

/** Found by some in a thousand. */
const FOUND_SELDOM: readonly Break[] = [
  {
    what: 'nothing is looked at once more',
    file: 'src/bucket/second-looks.ts',
    find: 'return isOpen || (unit !== undefined && unit.touchedMs + UNDER_WAY_MS > nowMs);',
    replace: 'return isOpen && unit === null && nowMs < 0;',
    test: SIMULATION,
  },
  {
    what: 'what a page named that was back goes as if it had not been',
    file: 'src/bucket/look-for-gone.ts',
    find: 'left: isBack ? unit.left.map((object) => ({ ...object, sinceMs: 0 })) : unit.left,',
    replace: 'left: unit.left,',
    test: SIMULATION,
  },
  {
    what: 'a refusal is taken for an answer that it is stored',
    file: 'src/bucket/put-object.ts',
    find: "if (answer !== 'refused') return result(",
    replace: 'return result(',
    test: SIMULATION,
  },
  {
    what: 'what a push before was about to touch is not looked at',
    file: 'src/bucket/plan-unit.ts',
    find: 'const isDoubtful = touched.has(key) || left.has(key);',
    replace: 'const isDoubtful = left.has(key);',
    test: SIMULATION,
  },
  {
    what: 'nothing is announced before it is done',
    file: 'src/bucket/push-run.ts',
    find: 'if (!isNew) return;',
    replace: 'if (!isNew || this.#record.head.counter > 0) return;',
    test: SIMULATION,
  },
  {
    what: 'uploads of a push that died stay',
    file: 'src/bucket/leftover-uploads.ts',
    find: 'if (keys.has(upload.key)) await store.abandon(upload);',
    replace: 'if (keys.size < 0) await store.abandon(upload);',
    test: SIMULATION,
  },
  {
    what: 'second looks are never done with',
    file: 'src/bucket/second-looks.ts',
    find: 'unit.again.filter(({ key }) => !looked.has(key))',
    replace: 'unit.again',
    test: SIMULATION,
  },
  {
    what: 'a second site takes over what the first published',
    file: 'src/bucket/record-store.ts',
    find: 'if (head.site === site || adopt) return head;',
    replace: 'if (head.site !== undefined) return head;',
    test: SIMULATION,
  },
  {
    what: 'a push of another machine is not waited for',
    file: 'src/bucket/open-in-turn.ts',
    find: 'if (record.announcedMs === undefined) return record;',
    replace: 'if (record.announcedMs !== 0) return record;',
    test: SIMULATION,
  },
];

/** `npm run simulate -- --breaks` measures by how many (docs/simulation.md). */
export const SIMULATED_BREAKS: readonly Break[] = [...FOUND_OFTEN, ...FOUND_SELDOM];

export const BUCKET_BREAKS: readonly Break[] = [
  ...FOUND_OFTEN,
  {
    what: 'what a push was taking away when it died is not looked at',
    file: 'src/bucket/push-run.ts',
    find: '.filter(({ planned, leaving }) => planned.length + leaving.length > 0)',
    replace: '.filter(({ planned }) => planned.length > 0)',
    test: PUSH,
  },
  {
    what: 'who pushes does not say that the push goes on',
    file: 'src/bucket/push-run.ts',
    find: 'if (this.#saying !== undefined || clock.now() - this.#saidMs < BEAT_MS) return;',
    replace: 'if (this.#saidMs < Number.POSITIVE_INFINITY) return;',
    test: PUSH,
  },
  {
    what: 'what another machine keeps in a folder of both counts as this one’s',
    file: 'src/bucket/record-store.ts',
    find: 'known.run === run && known.host === host;',
    replace: 'known.run === run;',
    test: PUSH,
  },
  {
    what: 'kho check believes any mark of kho',
    file: 'src/bucket/look-at-object.ts',
    find: 'found.etag === recorded?.etag);',
    replace: 'recorded !== null);',
    test: CHECK,
  },
  {
    what: 'kho check --fix takes what another site has below',
    file: 'src/bucket/strays.ts',
    find: '!this.isOfAnother(key)) yield key;',
    replace: "key !== '') yield key;",
    test: CHECK,
  },
  {
    what: 'kho check --fix takes whatever stands beside packages',
    file: 'src/bucket/strays.ts',
    find: 'if (!isPackageName(name)) return undefined;',
    replace: '',
    test: CHECK,
  },
  {
    what: 'kho check takes what somebody changed for what the site has newer',
    file: 'src/bucket/look-at-object.ts',
    find: 'recorded.sha256 !== sha256 && info.etag === recorded.etag && mark === recorded.sha256',
    replace: 'info.etag !== sha256',
    test: CHECK,
  },
];
