/** What `kho watch` does around a build whose thread waits for a pipe that nobody writes to: `stuck-service.ts PIPE`. */
import { Worker } from 'node:worker_threads';
import { makeLog, runUntilStopped } from '../../src/cli/watching.ts';
import { OrderThread } from '../../src/jobs/order-thread.ts';
import { ServiceKeeper } from '../../src/watch/service-keeper.ts';

const program = `
  const { parentPort, workerData } = require('node:worker_threads');
  parentPort.on('message', ({ number }) => {
    parentPort.postMessage({ number, goesOn: true });
    require('node:fs').openSync(workerData, 'r');
  });`;
const thread = new OrderThread('site-builds', async (_order: unknown) => {}, {
  startThread: () => new Worker(program, { eval: true, workerData: process.argv[2] }),
  onStall: (isStalled) => console.log(isStalled ? 'stalled' : 'goes on'),
  stallMs: 300,
});
const tell = await makeLog('text');
const start = () => thread.run({ root: '/', busy: new Set() }).then(() => {});
await runUntilStopped({ start, close: () => thread.close() }, tell, new ServiceKeeper('/', 'watch'));
