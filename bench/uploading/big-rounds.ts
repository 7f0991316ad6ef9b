/** The big wheel, to all servers in turns, each beside what the disk can do at that moment. */
import { median } from '../measure.ts';
import { table } from '../report.ts';
import { type BigUpload, uploadBig, writeOnly } from './big-upload.ts';
import { KHO_SERVER, type TakingServer, type UploadServer } from './upload-servers.ts';
import { bigWheel } from './wheels.ts';

/** Members of 50 MB. */
const MEMBERS = 10;
/** At least so much of the disk's own speed. */
const GOAL = 0.8;

type Use = <T>(server: UploadServer, use: (running: TakingServer, folder: string) => Promise<T>) => Promise<T>;

export async function bigWheels(servers: readonly UploadServer[], rounds: number, using: Use): Promise<string> {
  const wheel = bigWheel(MEMBERS);
  const runs = new Map<string, (BigUpload & { ddMs: number })[]>();
  for (let round = 0; round < rounds; round++) {
    for (const server of servers) {
      console.error(`${server.name}: round ${round + 1}`);
      const run = await using(server, async (running, folder) => {
        const ddMs = writeOnly(folder, wheel);
        return { ddMs, ...(await uploadBig(running, wheel)) };
      });
      runs.set(server.name, [...(runs.get(server.name) ?? []), run]);
    }
  }
  const rows = [...runs].map(([name, all]) => {
    const of = (read: (run: BigUpload & { ddMs: number }) => number) => median(all.map(read));
    return [
      name,
      of(({ wallMs }) => wallMs / 1000).toFixed(2),
      of(({ ddMs }) => ddMs / 1000).toFixed(2),
      of(({ ddMs, wallMs }) => ddMs / wallMs).toFixed(2),
      of(({ cpuMs }) => cpuMs / 1000).toFixed(2),
    ];
  });
  const own = median((runs.get(KHO_SERVER.name) ?? []).map(({ ddMs, wallMs }) => ddMs / wallMs));
  return `### A wheel of 500 MB

${table(['', 'until it is installable, s', 'dd of as much, s', 'speed / that of dd', 'CPU of the server, s'], rows)}

kho reaches ${own.toFixed(2)} of the disk's own speed (goal ≥ ${GOAL.toFixed(2)}: ${own >= GOAL ? 'reached' : '**missed**'}). ${rounds} rounds in turns, dd right before each.`;
}
