/** The edge where kho's words leave the process: data to stdout, talk to stderr. */
import { KhoError } from '../errors.ts';
import { type Line, paint } from './text.ts';

type Stream = NodeJS.WriteStream;

export const terminal = {
  /** For text that is safe to show as it is: of this program alone, or made by `printableJson`. */
  stdout(text: string): void {
    process.stdout.write(text);
  },

  stderr(text: string): void {
    process.stderr.write(text);
  },

  /** What was asked for. */
  print(lines: readonly Line[]): void {
    process.stdout.write(paint(lines, hasColours(process.stdout)));
  },

  /** What is said about it. */
  say(lines: readonly Line[]): void {
    process.stderr.write(paint(lines, hasColours(process.stderr)));
  },

  /** How wide what is printed may be, in characters; on a pipe, as wide as most screens are. */
  columns(): number {
    return process.stdout.columns || 120;
  },

  /** Where progress is shown. A terminal that does not understand escapes is written to like a pipe. */
  progressOutput() {
    const { stderr } = process;
    return {
      write: (text: string) => void stderr.write(text),
      isTerminal: stderr.isTTY === true && process.env['TERM'] !== 'dumb',
      columns: stderr.columns || 80, // some terminals say 0
    };
  },
};

/**
 * A reader that has seen enough (`kho list | head`) is no fault: what is still to be said goes nowhere.
 * Anything else, for example a full disk behind `> list.txt`, is told to `fail`.
 */
export function watchStreams(fail: (error: unknown) => void): void {
  const watch = (stream: Stream, name: string) =>
    stream.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EPIPE') fail(new KhoError('WRITE', `Cannot write to ${name}`, { cause }));
    });
  watch(process.stdout, 'stdout');
  watch(process.stderr, 'stderr');
}

/** As https://no-color.org and Node have it: NO_COLOR beats FORCE_COLOR, which beats what is behind the stream. */
function hasColours(stream: Stream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0';
  return stream.isTTY === true && TERM !== 'dumb';
}
