import { vi } from 'vitest';
import { run } from '../../src/cli/program.ts';

/** A command of kho, run in this process; what it writes and its exit code is caught. */
export async function runCommand(words: readonly string[]): Promise<{ out: string; talk: string; exitCode: number }> {
  const out: string[] = [];
  const talk: string[] = [];
  const catching = (stream: NodeJS.WriteStream, to: string[]) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      to.push(String(text));
      return true;
    });
  const spies = [catching(process.stdout, out), catching(process.stderr, talk)];
  try {
    await run([...words]);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return { out: out.join(''), talk: talk.join(''), exitCode: Number(process.exitCode ?? 0) };
}
