import type { MirrorResult } from '../../mirror/mirror.ts';
import { counted, inBytes } from '../amounts.ts';
import { bold, type Line } from '../text.ts';

/** What is done in one repository, or would be, and why. */
export function mirrorLines({ repository, plan, damaged, brought }: MirrorResult, isDryRun: boolean): Line[] {
  const { yank, unyank, drop, wait, remember } = plan;
  const done = new Set(brought.map(({ file }) => file.filename));
  const bring = plan.bring.filter(({ filename }) => isDryRun || done.has(filename)); // what failed is told elsewhere
  const bytes = bring.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const unknown = bring.filter(({ size }) => size === undefined).length;
  const sizes = `${inBytes(bytes)}${unknown > 0 ? ` and ${counted(unknown, 'file')} of unknown size` : ''}`;
  return [
    [
      bold(repository),
      `: ${counted(bring.length, 'file')} ${isDryRun ? 'to bring' : 'brought'}${bring.length > 0 ? `, ${sizes}` : ''}; `,
      `${yank.length + unyank.length} to mark, ${drop.length} to go, ${counted(remember.length, 'file')} as before`,
    ],
    ...damaged.map((filename) => `  damaged ${filename}: its bytes are not what was brought`),
    ...bring.map(({ filename, why }) => `  brings  ${filename}: ${why}`),
    ...yank.map(({ filename, reason }) => `  yanks   ${filename}: ${reason}`),
    ...unyank.map(({ filename }) => `  unyanks ${filename}: it is no longer yanked there`),
    ...drop.map(({ filename, why }) => `  goes    ${filename}: ${why}`),
    ...wait.map(({ filename, untilMs }) => `  waits   ${filename}: nothing orders it${goesAt(untilMs)}`),
  ];
}

function goesAt(untilMs: number | undefined): string {
  return untilMs === undefined ? '' : `; it goes on ${new Date(untilMs).toISOString().slice(0, 10)}`;
}

/** As JSON. */
export function shownMirror({ repository, plan, damaged, lacking, failed }: MirrorResult): object {
  const { bring, yank, unyank, drop, wait, remember } = plan;
  return {
    ...{ repository, damaged, lacking, failed },
    bring: bring.map(({ filename, size, why }) => ({ filename, bytes: size, why })),
    ...{ yank, unyank },
    drop: drop.map(({ filename, size, why }) => ({ filename, bytes: size, why })),
    wait: wait.map(({ filename, untilMs }) => ({
      ...{ filename },
      ...(untilMs !== undefined && { until: new Date(untilMs).toISOString() }),
    })),
    stays: remember.length,
  };
}
