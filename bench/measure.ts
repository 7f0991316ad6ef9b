/** Runs commands and tells what they cost. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { BENCH_FOLDER } from './tools.ts';

export interface Cost {
  wallMs: number;
  /** User and system time, of the command and all processes it waited for. */
  cpuMs: number;
  /** Of the largest process. */
  peakBytes: number;
}

interface MeasuredRun extends Cost {
  exitCode: number;
}

/** @throws when the command fails: a fast failure must not look like a fast success. */
export function measure(command: readonly string[]): Cost {
  return succeeded(JSON.parse(runMeasure(command)) as MeasuredRun, command);
}

/** Both commands in turns, this many times. @throws as `measure` does. */
export function measurePairs(times: number, a: readonly string[], b: readonly string[]): [Cost[], Cost[]] {
  const pairs = JSON.parse(runMeasure([String(times), ...a, '--', ...b])) as [MeasuredRun, MeasuredRun][];
  return [pairs.map((pair) => succeeded(pair[0], a)), pairs.map((pair) => succeeded(pair[1], b))];
}

/** One command after the other, as one: times add up, memory does not. */
export function together(first: Cost, second: Cost): Cost {
  return {
    wallMs: first.wallMs + second.wallMs,
    cpuMs: first.cpuMs + second.cpuMs,
    peakBytes: Math.max(first.peakBytes, second.peakBytes),
  };
}

/** Each of the three by itself: the median run by time need not be the median by memory. */
export function medianCost(costs: readonly Cost[]): Cost {
  return {
    wallMs: median(costs.map((cost) => cost.wallMs)),
    cpuMs: median(costs.map((cost) => cost.cpuMs)),
    peakBytes: median(costs.map((cost) => cost.peakBytes)),
  };
}

/** Of a list that is not empty. */
export function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function runMeasure(args: readonly string[]): string {
  return execFileSync('python3', [join(BENCH_FOLDER, 'measure.py'), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function succeeded(run: MeasuredRun, command: readonly string[]): Cost {
  if (run.exitCode !== 0) throw new Error(`"${command.join(' ')}" ended with ${run.exitCode}`);
  return { wallMs: run.wallMs, cpuMs: run.cpuMs, peakBytes: run.peakBytes };
}
