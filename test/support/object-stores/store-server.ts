/** A store of buckets that a test has started for itself. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export interface StoreServer {
  /** Without a slash at its end. */
  url: string;
  pid: number;
  /** Keys that it takes, as the tools of AWS read them, and nothing of the machine's own. */
  environment: Record<string, string>;
  makeBucket(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Nothing of what the machine itself has in its home is read, and nobody is asked over the network. */
export const NO_CREDENTIALS: Readonly<Record<string, string>> = {
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** @param environment in the place of all that begins with AWS_ @returns puts back what was there */
export function setAwsEnvironment(environment: Readonly<Record<string, string>>): () => void {
  const before = awsVariables();
  replaceAws(environment);
  return () => replaceAws(before);
}

function awsVariables(): Record<string, string> {
  const found = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'));
  return Object.fromEntries(found) as Record<string, string>;
}

function replaceAws(environment: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(awsVariables())) delete process.env[name];
  Object.assign(process.env, environment);
}

/** @throws {Error} when it ends before it answers, or does not in 60 s */
export async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  const endsAt = Date.now() + 60_000;
  while (Date.now() < endsAt) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} exited with ${child.exitCode}`);
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await sleep(50);
  }
  throw new Error(`${url} does not answer`);
}

export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
