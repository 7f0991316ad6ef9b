/** Loaded into the built program before it, by kill-program.ts: kills it at a call, or writes down all calls when it ends. */
import { writeFileSync } from 'node:fs';
import { type ChangingCall, watchCalls } from './changing-calls.ts';

/** What is to be done, as JSON in the environment. */
export interface Order {
  roots: string[];
  /** Where to write what was called. */
  callsFile: string;
  /** As in kill-writes.ts. */
  kill?: { before: number; inMiddle?: true };
}

const { roots, callsFile, kill }: Order = JSON.parse(process.env['KHO_TEST_ORDER'] as string);
const calls: (Omit<ChangingCall, 'half'> & { half: boolean })[] = [];
watchCalls(roots, {
  before({ name, paths, half }) {
    if (calls.length === kill?.before) {
      if (kill.inMiddle) half?.();
      process.kill(process.pid, 'SIGKILL');
    }
    calls.push({ name, paths, half: half !== undefined });
  },
});
process.on('exit', () => {
  if (calls.length === kill?.before) process.kill(process.pid, 'SIGKILL');
  if (!kill) writeFileSync(callsFile, JSON.stringify(calls));
});
