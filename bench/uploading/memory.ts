import { residentBytes } from '../serving/servers.ts';
import { uploadBig } from './big-upload.ts';
import { peakBytes, type TakingServer } from './upload-servers.ts';
import { bigWheel } from './wheels.ts';

/** What a server holds, in bytes: after its start, and at most with a small and with the biggest wheel. */
export async function memoryOf(server: TakingServer): Promise<{ idle: number; small: number; big: number }> {
  const idle = residentBytes(server.pid);
  await uploadBig(server, bigWheel(1));
  const small = peakBytes(server.pid);
  await uploadBig(server, bigWheel(40));
  return { idle, small, big: peakBytes(server.pid) };
}
