/**
 * What every store of objects does, whichever it is: a list of checks, each with keys of its own.
 *
 *   test.each(storeContract({ without: ['hashes'] }))('$name', (check) => check.run(store));
 */

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect } from 'vitest';
import { bytesBody } from '../../src/object-store/bytes-body.ts';
import type { ListedObject, ObjectBody, ObjectHeaders, ObjectStore } from '../../src/object-store/object-store.ts';

/** What some stores cannot do. */
export type StoreAbility =
  /** Bytes that are not the announced ones are refused. */
  | 'hashes'
  /** A key may end in a slash. */
  | 'slash keys'
  /** Conditions hold when many write at once. */
  | 'races'
  /** A big file is put only over the ETag that was named. */
  | 'swaps of big files'
  /** Lists are sorted by bytes also where that is not as UTF-16 sorts. */
  | 'order of bytes';

export interface StoreCheck {
  name: string;
  needs?: StoreAbility;
  run(store: ObjectStore): Promise<void>;
}

export function storeContract(options: { without?: readonly StoreAbility[] } = {}): StoreCheck[] {
  return CHECKS.filter(({ needs }) => needs === undefined || !options.without?.includes(needs));
}

export const PAGE: ObjectHeaders = { contentType: 'text/html; charset=utf-8', cacheControl: 'no-cache' };

/** A body that comes as a stream in pieces. */
export function streamOf(content: string | Uint8Array, piece: number): ObjectBody {
  const body = bytesBody(content);
  return {
    ...body,
    read: (from, length) => {
      const bytes = body.read(from, length) as Uint8Array;
      const pieces = Array.from({ length: Math.ceil(length / piece) }, (_, index) =>
        bytes.subarray(index * piece, (index + 1) * piece),
      );
      return Readable.from(pieces, { objectMode: false });
    },
  };
}

export async function textOf(store: ObjectStore, key: string): Promise<string | undefined> {
  const found = await store.get(key);
  if (found === undefined || found === 'unchanged') return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of found.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

export async function listed(store: ObjectStore, prefix: string, after?: string): Promise<ListedObject[]> {
  const all: ListedObject[] = [];
  for await (const one of store.list(prefix, after)) all.push(one);
  return all;
}

const keysOf = async (store: ObjectStore, prefix: string, after?: string) =>
  (await listed(store, prefix, after)).map(({ key }) => key);

/** Bigger than what is sent with one request. */
const BIG_BYTES = 65 * 1024 * 1024 + 11;

const CHECKS: StoreCheck[] = [
  {
    name: 'what is not there is not found, and may be removed',
    async run(store) {
      expect(await store.get('none/x')).toBeUndefined();
      expect(await store.get('none/x', { unlessEtag: '"x"' })).toBeUndefined();
      expect(await store.head('none/x')).toBeUndefined();
      expect(await listed(store, 'none/')).toEqual([]);
      await store.remove(['none/x']);
      await store.remove(['none/x', 'none/y']);
      await store.remove([]);
      expect(await store.unfinished('none/')).toEqual([]);
    },
  },
  {
    name: 'what is put is there, with all that was said of it',
    async run(store) {
      const meta = { 'kho-sha256': 'a'.repeat(64), 'kho-rev': '7' };
      const headers = { ...PAGE, contentEncoding: 'gzip', meta };
      const etag = await store.put('whole/index.html', bytesBody('content'), headers);
      const head = await store.head('whole/index.html');
      expect(head).toMatchObject({ etag, size: 7, headers });
      expect(Math.abs(head!.modifiedMs - store.clockMs()!)).toBeLessThan(60_000);
      const { body, ...info } = (await store.get('whole/index.html')) as { body: Readable };
      expect(info).toMatchObject({ etag, size: 7, headers });
      for await (const chunk of body) expect(String(chunk)).toBe('content');
      expect(await listed(store, 'whole/')).toEqual([
        { key: 'whole/index.html', etag, size: 7, modifiedMs: head!.modifiedMs },
      ]);
    },
  },
  {
    name: 'nothing is said of an object that was not',
    async run(store) {
      await store.put('plain/x', bytesBody('x'), { contentType: 'application/json', cacheControl: 'max-age=60' });
      expect((await store.head('plain/x'))!.headers).toEqual({
        contentType: 'application/json',
        cacheControl: 'max-age=60',
      });
    },
  },
  {
    name: 'bodies come as bytes, as streams, in pieces, and empty',
    async run(store) {
      const text = 'tiếng Việt '.repeat(20_000);
      const bodies: [string, ObjectBody, string][] = [
        ['empty', bytesBody(''), ''],
        ['empty-stream', streamOf('', 1), ''],
        ['bytes', bytesBody(text), text],
        ['stream', streamOf(text, 4099), text],
      ];
      for (const [key, body, expected] of bodies) {
        await store.put(`bodies/${key}`, body, PAGE);
        expect(await textOf(store, `bodies/${key}`)).toBe(expected);
      }
      expect((await store.head('bodies/stream'))!.size).toBe(Buffer.byteLength(text));
    },
  },
  {
    name: 'a hash that the store tells is that of the content',
    async run(store) {
      const body = bytesBody('hashed');
      await store.put('hashed/x', body, PAGE);
      expect([undefined, body.sha256]).toContain((await store.head('hashed/x'))!.sha256);
    },
  },
  {
    name: 'who knows an object does not get it again',
    async run(store) {
      const etag = (await store.put('known/x', bytesBody('one'), PAGE)) as string;
      expect(await store.get('known/x', { unlessEtag: etag })).toBe('unchanged');
      await store.put('known/x', bytesBody('two'), PAGE);
      expect(await store.get('known/x', { unlessEtag: etag })).toMatchObject({ size: 3 });
    },
  },
  {
    name: 'what may only be put where there is none, is put once',
    async run(store) {
      const first = await store.put('once/x', bytesBody('first'), PAGE, { ifAbsent: true });
      expect(first).not.toBe('refused');
      expect(await store.put('once/x', bytesBody('second'), PAGE, { ifAbsent: true })).toBe('refused');
      expect(await store.put('once/x', bytesBody('first'), PAGE, { ifAbsent: true })).toBe('refused');
      expect(await textOf(store, 'once/x')).toBe('first');
      await store.remove(['once/x']);
      expect(await store.put('once/x', bytesBody('third'), PAGE, { ifAbsent: true })).not.toBe('refused');
    },
  },
  {
    name: 'what may only be put over an ETag, is put over no other',
    async run(store) {
      expect(await store.put('swap/x', bytesBody('a'), PAGE, { ifEtag: '"0"' })).toBe('refused');
      const first = (await store.put('swap/x', bytesBody('a'), PAGE)) as string;
      const second = (await store.put('swap/x', bytesBody('bb'), PAGE, { ifEtag: first })) as string;
      expect(second).not.toBe('refused');
      expect(second).not.toBe(first);
      expect(await store.put('swap/x', bytesBody('ccc'), PAGE, { ifEtag: first })).toBe('refused');
      expect(await textOf(store, 'swap/x')).toBe('bb');
      expect((await store.head('swap/x'))!.etag).toBe(second);
    },
  },
  {
    name: 'what is put over another leaves nothing of it',
    async run(store) {
      await store.put('over/x', bytesBody('a'), { ...PAGE, contentEncoding: 'gzip', meta: { old: '1' } });
      await store.put('over/x', bytesBody('b'), { contentType: 'application/json', cacheControl: 'no-store' });
      expect((await store.head('over/x'))!.headers).toEqual({
        contentType: 'application/json',
        cacheControl: 'no-store',
      });
    },
  },
  {
    name: 'keys may be odd',
    async run(store) {
      const keys = [
        'odd/a+b-1.0+cpu-py3-none-any.whl',
        'odd/a b',
        'odd/a%2Bb',
        "odd/it's!(1)~*",
        'odd/a&b=c;d,e@f$g',
        'odd/tiếng Việt.html',
        'odd/.hidden/x',
        `odd/${'long'.repeat(40)}`,
      ];
      for (const key of keys) await store.put(key, bytesBody(key), PAGE);
      for (const key of keys) expect(await textOf(store, key)).toBe(key);
      expect((await keysOf(store, 'odd/')).sort()).toEqual([...keys].sort());
      await store.remove(keys);
      expect(await keysOf(store, 'odd/')).toEqual([]);
    },
  },
  {
    name: 'lists begin with a prefix, and are sorted',
    async run(store) {
      const keys = ['sorted/B', 'sorted/a-b', 'sorted/a.b', 'sorted/a/b', 'sorted/a/c/d', 'sorted/ab'];
      for (const key of [...keys].reverse()) await store.put(key, bytesBody(''), PAGE);
      await store.put('sorted-not', bytesBody(''), PAGE);
      expect(await keysOf(store, 'sorted/')).toEqual(keys);
      expect(await keysOf(store, 'sorted/a/')).toEqual(['sorted/a/b', 'sorted/a/c/d']);
      expect(await keysOf(store, 'sorted/a')).toEqual(keys.slice(1));
      expect(await keysOf(store, 'sorted/', 'sorted/a.b')).toEqual(keys.slice(3));
      expect(await keysOf(store, 'sorted/', 'sorted/a.c')).toEqual(keys.slice(3));
    },
  },
  {
    name: 'lists are sorted by bytes',
    needs: 'order of bytes',
    async run(store) {
      const keys = ['bytes/z', 'bytes/é', 'bytes/\uffee', 'bytes/\u{1f40d}'];
      for (const key of [...keys].reverse()) await store.put(key, bytesBody(''), PAGE);
      expect(await keysOf(store, 'bytes/')).toEqual(keys);
    },
  },
  {
    name: 'a list of more than one answer is whole, and many are removed at once',
    async run(store) {
      const keys = Array.from({ length: 1003 }, (_, index) => `many/${String(index).padStart(5, '0')}`);
      for (let from = 0; from < keys.length; from += 50)
        await Promise.all(keys.slice(from, from + 50).map((key) => store.put(key, bytesBody('x'), PAGE)));
      expect(await keysOf(store, 'many/')).toEqual(keys);
      await store.remove(keys.slice(1));
      expect(await keysOf(store, 'many/')).toEqual(keys.slice(0, 1));
    },
  },
  {
    name: 'what is not what it says is not stored',
    needs: 'hashes',
    async run(store) {
      for (const piece of [undefined, 3]) {
        const body = piece === undefined ? bytesBody('changed') : streamOf('changed', piece);
        const wrong = { ...body, sha256: bytesBody('as announced').sha256 };
        await expect(store.put('wrong/x', wrong, PAGE)).rejects.toMatchObject({ fault: 'refused' });
      }
      const long = { ...streamOf('changed', 3), size: 8 };
      await expect(store.put('wrong/x', long, PAGE)).rejects.toMatchObject({ fault: 'refused' });
      expect(await store.head('wrong/x')).toBeUndefined();
    },
  },
  {
    name: 'a body that breaks is told as what broke it, and nothing is stored',
    async run(store) {
      const fault = Object.assign(new Error('the disk is gone'), { code: 'EIO' });
      const stream = (size: number) =>
        Readable.from(
          (async function* () {
            yield Buffer.alloc(size);
            throw fault;
          })(),
          { objectMode: false },
        );
      const small = { ...bytesBody('x'.repeat(10)), read: () => stream(5) };
      await expect(store.put('broken/small', small, PAGE)).rejects.toBe(fault);
      const big = { size: BIG_BYTES, sha256: 'a'.repeat(64), read: () => stream(1000) };
      await expect(store.put('broken/big', big, PAGE)).rejects.toBe(fault);
      const unopened = {
        ...bytesBody('x'),
        read: () => {
          throw fault;
        },
      };
      await expect(store.put('broken/unopened', unopened, PAGE)).rejects.toBe(fault);
      expect(await keysOf(store, 'broken/')).toEqual([]);
      expect(await store.unfinished('broken/')).toEqual([]);
    },
  },
  {
    name: 'a big file is as a small one, with its conditions',
    async run(store) {
      const bytes = Buffer.alloc(BIG_BYTES, 'kho');
      const headers = {
        contentType: 'application/octet-stream',
        cacheControl: 'no-cache',
        meta: { 'kho-sha256': 'x' },
      };
      const etag = (await store.put('big/x', streamOf(bytes, 1_000_000), headers, { ifAbsent: true })) as string;
      expect(await store.head('big/x')).toMatchObject({ etag, size: BIG_BYTES, headers });
      const hash = createHash('sha256');
      for await (const chunk of ((await store.get('big/x')) as { body: Readable }).body) hash.update(chunk);
      expect(hash.digest('hex')).toBe(bytesBody(bytes).sha256);
      expect(await store.put('big/x', bytesBody(bytes), headers, { ifAbsent: true })).toBe('refused');
      expect((await store.head('big/x'))!.etag).toBe(etag);
      expect(await store.unfinished('big/')).toEqual([]);
      await store.remove(['big/x']);
    },
  },
  {
    name: 'a big file is put over no other than was named',
    needs: 'swaps of big files',
    async run(store) {
      const big = bytesBody(Buffer.alloc(BIG_BYTES));
      const etag = (await store.put('big/y', bytesBody('small'), PAGE)) as string;
      expect(await store.put('big/y', big, PAGE, { ifEtag: '"0"' })).toBe('refused');
      expect(await textOf(store, 'big/y')).toBe('small');
      expect(await store.put('big/y', big, PAGE, { ifEtag: etag })).not.toBe('refused');
      expect(await store.unfinished('big/')).toEqual([]);
      await store.remove(['big/y']);
    },
  },
  {
    name: 'keys may end in a slash',
    needs: 'slash keys',
    async run(store) {
      await store.put('slash/a/', bytesBody('folder'), PAGE);
      await store.put('slash/a/index.html', bytesBody('page'), PAGE);
      expect(await textOf(store, 'slash/a/')).toBe('folder');
      expect(await keysOf(store, 'slash/')).toEqual(['slash/a/', 'slash/a/index.html']);
    },
  },
  {
    name: 'of many who create at once, one does',
    needs: 'races',
    async run(store) {
      for (let round = 0; round < 10; round++) {
        const answers = await Promise.all(
          Array.from({ length: 32 }, (_, index) =>
            store.put(`race/${round}`, bytesBody(`by ${index}`), PAGE, { ifAbsent: true }),
          ),
        );
        const winners = answers.flatMap((answer, index) => (answer === 'refused' ? [] : [index]));
        expect(winners).toHaveLength(1);
        expect(await textOf(store, `race/${round}`)).toBe(`by ${winners[0]}`);
      }
    },
  },
  {
    name: 'of many who change at once, none is lost',
    needs: 'races',
    async run(store) {
      await store.put('counter', bytesBody(''), PAGE);
      const add = async (name: string) => {
        for (;;) {
          const { etag } = (await store.head('counter'))!;
          const text = await textOf(store, 'counter');
          if ((await store.put('counter', bytesBody(`${text}${name}\n`), PAGE, { ifEtag: etag })) !== 'refused') return;
        }
      };
      const writer = async (number: number) => {
        for (let round = 0; round < 20; round++) await add(`${number}-${round}`);
      };
      await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)));
      const lines = (await textOf(store, 'counter'))!.trim().split('\n');
      expect(new Set(lines).size).toBe(160);
      expect(lines).toHaveLength(160);
    },
  },
];
