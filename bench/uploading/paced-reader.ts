/** Reads pages at a steady pace, as a process of its own: `paced-reader.ts URL SECONDS CONNECTIONS PER_SECOND PATH…`. Prints what came of it as JSON. */
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface PacedReading {
  /** Answers in a second. */
  perSecond: number;
  /** Of each answer, in milliseconds. */
  p50: number;
  p99: number;
}

const [url = '', seconds, connections, perSecond, ...paths] = process.argv.slice(2);
const CONNECTIONS = Number(connections);
const STEP_MS = (1000 * CONNECTIONS) / Number(perSecond);
const answersMs: number[] = [];

/** One connection: a page at each of its times, or as soon as the one before has come. */
async function read(place: number, began: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const untilMs = began + Number(seconds) * 1000;
  for (let count = 0; ; count++) {
    const dueMs = began + (place * STEP_MS) / CONNECTIONS + count * STEP_MS;
    if (dueMs >= untilMs || performance.now() >= untilMs) break;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const askedMs = performance.now();
    await readPage(agent, url + paths[(count * CONNECTIONS + place) % paths.length]);
    answersMs.push(performance.now() - askedMs);
  }
  agent.destroy();
}

function readPage(agent: Agent, page: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(page, { agent, headers: { Accept: 'text/html' } }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${page}: ${response.statusCode}`));
      });
    }).on('error', reject);
  });
}

const began = performance.now();
await Promise.all(Array.from({ length: CONNECTIONS }, (_, place) => read(place, began)));
answersMs.sort((a, b) => a - b);
const at = (part: number) => answersMs[Math.floor((answersMs.length - 1) * part)] ?? 0;
const told: PacedReading = { perSecond: answersMs.length / Number(seconds), p50: at(0.5), p99: at(0.99) };
console.log(JSON.stringify(told));
