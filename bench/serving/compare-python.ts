/** kho's own server and servers written in Python, over the files of the same project, in turns. */
import { median } from '../measure.ts';
import { measureLoad } from './load.ts';
import type { PythonServer } from './python-servers.ts';
import type { MeasuredServer } from './servers.ts';

/** As many answers as the fastest of them, at least. */
const GOALS = { page: 15, wheel: 1 };

export const HEAD = ['', 'pages/s', 'kho / it', '1 MB wheels/s', 'kho / it'];

/** Requests in a second, one for each round. */
interface Speed {
  page: number[];
  wheel: number[];
}

/**
 * @param page path of the project's page on kho
 * @param filename of the wheel, which that page links to
 * @returns rows of the table, and whether the goals are reached
 */
export async function compareWithPython(
  kho: MeasuredServer,
  servers: readonly PythonServer[],
  { page, filename, rounds, seconds }: { page: string; filename: string; rounds: number; seconds: number },
): Promise<{ rows: string[][]; verdict: string }> {
  const running: { server: MeasuredServer; page: string; wheel: string; speed: Speed }[] = [];
  const add = async (server: MeasuredServer, ofServer: string) => {
    const wheel = await findWheel(server.url + ofServer, filename);
    running.push({ server, page: ofServer, wheel, speed: { page: [], wheel: [] } });
  };
  try {
    for (const { page: itsPage, start } of servers) await add(await start(), itsPage);
    await add(kho, page);
    for (let round = 0; round < rounds; round++) {
      console.error(`servers in Python: round ${round + 1} of ${rounds}`);
      for (const { server, page: path, wheel, speed } of running) {
        const ofPage = { name: 'page', path, connections: 8, headers: ['Accept: text/html'] };
        speed.page.push((await measureLoad(server, ofPage, seconds)).requestsPerSecond);
        const ofWheel = { name: 'wheel', path: wheel, connections: 4, headers: ['Accept-Encoding: identity'] };
        speed.wheel.push((await measureLoad(server, ofWheel, seconds)).requestsPerSecond);
      }
    }
  } finally {
    for (const { server } of running) if (server !== kho) await server.stop();
  }
  const own = running.pop()!.speed;
  const ratio = (of: keyof Speed, { speed }: { speed: Speed }) =>
    median(own[of].map((value, round) => value / speed[of][round]!));
  const rows = running.map((one) => [
    one.server.name,
    median(one.speed.page).toFixed(0),
    ratio('page', one).toFixed(1),
    median(one.speed.wheel).toFixed(0),
    ratio('wheel', one).toFixed(1),
  ]);
  rows.push(['kho', median(own.page).toFixed(0), '', median(own.wheel).toFixed(0), '']);
  const least = (of: keyof Speed) => Math.min(...running.map((one) => ratio(of, one)));
  const verdict =
    `pages ${least('page').toFixed(1)} times the fastest of them (goal ≥ ${GOALS.page}: ${least('page') >= GOALS.page ? 'reached' : 'missed'}), ` +
    `wheels ${least('wheel').toFixed(1)} times (goal > ${GOALS.wheel}: ${least('wheel') > GOALS.wheel ? 'reached' : 'missed'})`;
  return { rows, verdict };
}

/** Where a page leads for a file, as a path. */
async function findWheel(page: string, filename: string): Promise<string> {
  const text = await (await fetch(page, { headers: { Accept: 'text/html' } })).text();
  const href = [...text.matchAll(/href="([^"#]+)/g)]
    .map(([, link]) => link as string)
    .find((link) => link.endsWith(filename));
  if (href === undefined) throw new Error(`${page} does not list ${filename}`);
  const { pathname } = new URL(href, page);
  return pathname;
}
