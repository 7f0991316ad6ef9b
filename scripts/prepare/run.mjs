import { spawn } from 'node:child_process';

/** Started and not yet ended; a Ctrl-C ends them all, with whatever they started. */
const running = new Set();

/** Ends a child and its own children: each is the leader of a process group. */
function endGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has just ended by itself.
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of running) endGroup(child, 'SIGTERM');
    process.exit(130);
  });
}

/**
 * Run a program to its end, or end it after `timeoutS` seconds.
 *
 * @param {string[]} command
 * @param {{ timeoutS: number, cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, whyEnd?: () => Promise<string | undefined> }} options
 *   `show` streams its output; `whyEnd` is asked each second, and what it says ends the program.
 * @returns {Promise<{ ok: boolean, output: string, seconds: number }>} `output` is empty when it was streamed.
 */
export function run([program, ...args], { timeoutS, cwd, env = process.env, show = false, whyEnd }) {
  return new Promise((resolve) => {
    const started = Date.now();
    let output = '';
    let late = '';
    const end = (ok) =>
      resolve({ ok, output: `${output.trimEnd()}${late}`.trim(), seconds: (Date.now() - started) / 1000 });

    const stdio = show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
    const child = spawn(program, args, { cwd, env, stdio, detached: true });
    running.add(child);
    const endEarly = (why) => {
      if (late) return;
      late = `\n${why}`;
      endGroup(child, 'SIGTERM');
      setTimeout(() => endGroup(child, 'SIGKILL'), 5_000).unref();
    };
    const timer = setTimeout(
      () => endEarly(`${program} did not end within ${Math.round(timeoutS)} s`),
      timeoutS * 1000,
    );
    const asking = setInterval(async () => {
      const why = await whyEnd?.();
      if (why !== undefined) endEarly(why);
    }, 1000);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => {
      output += error.message;
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      clearInterval(asking);
      running.delete(child);
      if (late && show) console.log(late);
      end(code === 0 && !late);
    });
  });
}

/** How long something took, for people: `0.4 s`. */
export function seconds(count) {
  return `${count.toFixed(count < 10 ? 1 : 0)} s`;
}
