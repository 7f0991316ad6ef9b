import { spawn } from 'node:child_process';
import { cpuUs, type MeasuredServer } from './servers.ts';

/** What is asked for, again and again. */
export interface Workload {
  name: string;
  path: string;
  connections: number;
  headers: readonly string[];
}

export interface Sample {
  requestsPerSecond: number;
  /** Of the server, for each request, in microseconds. */
  cpuUs: number;
}

/** wrk with one thread. @throws when an answer was not 2xx or 3xx, or a connection failed */
export async function measureLoad(server: MeasuredServer, workload: Workload, seconds: number): Promise<Sample> {
  const { path, connections, headers } = workload;
  const options = ['-t1', `-c${connections}`, `-d${seconds}s`, ...headers.flatMap((header) => ['-H', header])];
  const before = cpuUs(server.pid);
  const output = await run('wrk', [...options, server.url + path]);
  const used = cpuUs(server.pid) - before;
  const requests = Number(/(\d+) requests in/.exec(output)?.[1]);
  const requestsPerSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
  if (!requests || /Non-2xx|Socket errors/.test(output)) throw new Error(`${server.name} ${path}\n${output}`);
  return { requestsPerSecond, cpuUs: used / requests };
}

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', () => reject(new Error(`${program} is not installed`)));
    child.on('close', () => resolve(output));
  });
}
