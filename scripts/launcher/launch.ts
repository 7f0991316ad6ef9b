/**
 * The head of dist/kho.js. The program stands below it in the same file, as a comment: V8 passes over comments, so what a run needs of the
 * program comes compiled out of the code cache, and the rest is not even looked at.
 *
 * Runs as CommonJS, which starts quicker, and as an ES module, for which a package.json above may take it.
 */
import { codeCacheFile, readCodeCache, writeCodeCache } from './code-cache.ts';

/** Set by scripts/bundle-kho.ts, as all these. */
declare const KHO_VERSION: string;
/** What stands before and after the program, and in it for what would end the comment. */
declare const PROGRAM_START: string;
declare const PROGRAM_END: string;
declare const COMMENT_END: string;
/** Of the program's text, hexadecimal. */
declare const PROGRAM_HASH: string;

const { readFileSync, realpathSync } = process.getBuiltinModule('node:fs');
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
  const text = readFileSync(file, 'latin1');
  const start = text.indexOf(PROGRAM_START) + PROGRAM_START.length;
  const program = text.slice(start, text.indexOf(PROGRAM_END, start)).replaceAll(COMMENT_END, '*/');
  const lineOffset = text.slice(0, start).split('\n').length - 1;

  const cacheFile = codeCacheFile(PROGRAM_HASH);
  const cachedData = readCodeCache(cacheFile);
  const options = { filename: file, lineOffset, ...(cachedData && { cachedData }) };
  const script = new Script(`(function(require,KHO_FILE){${program}\n})`, options);
  // A build runs most of what others run too.
  if (isMainThread && command === 'build' && (!cachedData || script.cachedDataRejected)) {
    process.once('exit', () => writeCodeCache(cacheFile, script.createCachedData()));
  }
  script.runInThisContext()(process.getBuiltinModule, pathToFileURL(file).href);
}
