/**
 * The end of dist/kho.js. The program stands above it in the same file, as a comment: V8 passes over comments, so what a run needs of the
 * program comes compiled out of the code cache, and the rest is not even looked at.
 *
 * Runs as CommonJS, which starts quicker, and as an ES module, for which a package.json above may take it.
 */
import { codeCacheFile, readCodeCache, writeCodeCache } from './code-cache.ts';

/** Set by scripts/bundle-kho.ts, as all these. */
declare const KHO_VERSION: string;
/** Of the program's text, hexadecimal. */
declare const PROGRAM_HASH: string;
/** Of the file, before that in which the program stands. */
declare const LINES_BEFORE: number;
/** Has the program as its only line, which is a comment. As text it is a part of what Node has read of this file anyway: no byte of it is copied. */
declare function khoProgram(): void;

const { realpathSync } = process.getBuiltinModule('node:fs');
const { pathToFileURL } = process.getBuiltinModule('node:url');
const { setFlagsFromString } = process.getBuiltinModule('node:v8');
const { Script } = process.getBuiltinModule('node:vm');
const { isMainThread } = process.getBuiltinModule('node:worker_threads');

/** In bytes of bytecode that a function runs through before V8 compiles it with its best compiler; its own number is 67,584. */
const BYTES_BEFORE_OPTIMIZING = 1_000_000;

/** The same for what stays: a server that has just started and gets many requests at once has two cores for them, and for compiling. */
const BYTES_BEFORE_OPTIMIZING_FOR_LONG = 300_000;

/** Threads of Node that wait for the disk: several flushes at the same time cost the disk as much as one. Source: libuv, `UV_THREADPOOL_SIZE`. */
const DISK_THREADS = '16';

/** Of Node.js 20. Later ones count calls instead, and complain on stderr of flags that they do not know. */
const V8_WITH_BUDGET = '11.';

const [, started = '', command = '', ...more] = process.argv;

if (command === '--version' && more.length === 0) process.stdout.write(`${KHO_VERSION}\n`);
else launch();

function launch(): void {
  const stays = command === 'serve' || command === 'watch';
  // Others are over within seconds: a tenth of that went into compiling, with the best compiler, code that hardly ran any more.
  if (isMainThread && process.versions.v8.startsWith(V8_WITH_BUDGET)) {
    setFlagsFromString(`--interrupt-budget=${stays ? BYTES_BEFORE_OPTIMIZING_FOR_LONG : BYTES_BEFORE_OPTIMIZING}`);
  }
  if (isMainThread && stays) process.env['UV_THREADPOOL_SIZE'] ??= DISK_THREADS; // before the first of them starts

  const file = typeof __filename === 'string' ? __filename : realpathSync(started);
  const text = khoProgram.toString();
  const program = text.slice(text.indexOf('//') + 2, text.lastIndexOf('\n'));

  const cacheFile = codeCacheFile(PROGRAM_HASH);
  const cachedData = readCodeCache(cacheFile);
  const script = new Script(program, { filename: file, lineOffset: LINES_BEFORE, ...(cachedData && { cachedData }) });
  // A build runs most of what others run too.
  if (isMainThread && command === 'build' && (!cachedData || script.cachedDataRejected)) {
    process.once('exit', () => writeCodeCache(cacheFile, script.createCachedData()));
  }
  script.runInThisContext()(process.getBuiltinModule, pathToFileURL(file).href);
}
