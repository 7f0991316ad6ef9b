import { run } from './program.ts';
import { reportError } from './report-error.ts';
import { terminal, watchStreams } from './terminal.ts';

/** Run one command and leave with the right exit code, whatever happens. */
export async function runAndReport(words: readonly string[]): Promise<void> {
  const report = (error: unknown) => {
    const { text, exitCode } = reportError(error);
    terminal.stderr(text);
    process.exitCode = exitCode;
  };
  watchStreams(report);
  // Nothing is known of the state after an error that nobody waits for: leave at once.
  const leave = (error: unknown) => {
    report(error);
    process.exit();
  };
  process.on('uncaughtException', leave);
  process.on('unhandledRejection', leave);
  await run(words).catch(report);
}
