import type { SiteConfig } from '../../src/config/site-config.ts';
import { clearOwnFolders } from '../../src/upload/open-content.ts';
import type { UploadOrder, UploadOutcome } from '../../src/upload/order.ts';
import { lookOrRefuse, type TakenUploads, takeInTurn } from '../../src/upload/take-uploads.ts';
import { TakingTurn } from '../../src/upload/taking-turn.ts';

/** One group of uploads by itself, until all of it is on the disk. */
export async function takeUploads(config: SiteConfig, orders: readonly UploadOrder[]): Promise<TakenUploads> {
  const looked: Awaited<ReturnType<typeof lookOrRefuse>>[] = [];
  for (const order of orders) looked.push(await lookOrRefuse(config, order));
  const ready = looked.filter((one) => one.is === 'for');
  const turn = new TakingTurn();
  try {
    const { outcomes, ...taken } = await (await takeInTurn(config, ready, turn)).done;
    return { outcomes: looked.map((one) => (one.is === 'for' ? (outcomes.shift() as UploadOutcome) : one)), ...taken };
  } finally {
    await turn.end();
    clearOwnFolders();
  }
}
