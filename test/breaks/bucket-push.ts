import type { Break } from './break.ts';

const PUSH = 'src/bucket/push-to-bucket.test.ts';
const HOSTILE = 'src/bucket/hostile-record.test.ts';
const SITE = 'src/bucket/site-source.test.ts';
const RECORD = { file: 'src/bucket/bucket-record.ts', test: HOSTILE };
const PUT = { file: 'src/bucket/put-object.ts', test: PUSH };
const SOURCE = { file: 'src/bucket/site-source.ts', test: SITE };

/** Of what a push believes, and of what it takes from a site. */
export const BUCKET_PUSH_BREAKS: readonly Break[] = [
  {
    ...RECORD,
    what: 'a record may have kho remove its own record',
    find: ' && !key.startsWith(RECORD_FOLDER)',
    replace: '',
  },
  {
    ...RECORD,
    what: 'a record may name paths that lead elsewhere',
    find: "return leadsDown(key.endsWith('/') ? key.slice(0, -1) : key) &&",
    replace: 'return',
  },
  {
    ...RECORD,
    what: 'half of a damaged record is believed',
    find: 'if (damaged > 0 || isTorn) return undefined;',
    replace: '',
  },
  {
    file: 'src/bucket/record-store.ts',
    test: PUSH,
    what: 'another site takes a bucket over unasked',
    find: 'if (head.site === site || adopt) return head;',
    replace: 'return head;',
  },
  {
    file: 'src/bucket/shard-plan.ts',
    test: PUSH,
    what: 'what a page names that somebody put back goes when it would have gone',
    find: 'const stays = wasOther ?',
    replace: 'const stays = wasOther && nowMs < 0 ?',
  },
  {
    file: 'src/bucket/push-run.ts',
    test: PUSH,
    what: 'what a page names that somebody put back goes in the push that sees it',
    find: 'mustWait(step) && outcomes.get(unit)?.wasOther ?',
    replace: 'mustWait(step) && outcomes.size < 0 ?',
  },
  {
    ...PUT,
    what: 'a first push writes over what is not kho’s',
    find: 'throw strange(store, key);',
    replace: '{}',
  },
  {
    ...PUT,
    what: 'what somebody wrote by hand stays',
    find: 'headers.meta?.[HASH_META] === sha256 &&',
    replace: '',
  },
  {
    file: 'src/bucket/put-queue.ts',
    test: PUSH,
    what: 'a page is put though its file could not be read',
    find: 'else failed.add(unit);',
    replace: '',
  },
  {
    file: 'src/io/steady-file.ts',
    test: SITE,
    what: 'a page is sent whatever stands there by now',
    find: 'if (!isMeant(stats)) throw changed(path);',
    replace: '',
  },
  {
    file: 'src/bucket/file-body.ts',
    test: SITE,
    what: 'a small file is sent whatever is in it',
    find: 'if (sha256Of(bytes) === sha256) return bytesBody(bytes, sha256);',
    replace: 'return bytesBody(bytes);',
  },
  {
    ...SOURCE,
    what: 'a project with a page that is to be made cannot be pushed',
    find: 'isToBeMade(page) ? readPageStamp(locate(this.#site.target, key)) : page[0]',
    replace: 'page[0]',
  },
  {
    ...SOURCE,
    what: 'private repositories are pushed',
    find: 'new Set(options.withPrivate ? [] : privateNames(config))',
    replace: 'new Set<string>()',
  },
  {
    ...SOURCE,
    what: 'pages that tell of what is private by now stay',
    find: ' && [...this.#hidden].every((name) => pages.header.privates.includes(name)) ? pages : undefined;',
    replace: ';',
  },
  {
    ...SOURCE,
    what: 'what became private stays for the grace',
    find: 'return this.#hidden.has(splitRepository(key).repository);',
    replace: 'return key === undefined;',
  },
  {
    file: 'src/watch/bucket-pushes.ts',
    test: 'src/watch/bucket-pushes.test.ts',
    what: 'a bucket that fails is asked at once, again and again',
    find: 'RETRY_MS * 2 ** (failures - 1)',
    replace: '1',
  },
];
