import { checkSiteBucket, mendSiteBucket } from '../../bucket/check-site-bucket.ts';
import type { BucketSettings } from '../../config/bucket-settings.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { counted } from '../amounts.ts';
import { driftLines } from '../lines/drift-lines.ts';
import { ProgressDisplay } from '../progress.ts';
import { terminal } from '../terminal.ts';
import { green, type Line, printableJson, yellow } from '../text.ts';

export interface CheckAddressOptions {
  address: string;
  settings: BucketSettings;
  fix?: true | undefined;
  deep?: true | undefined;
  all?: true | undefined;
  json?: true | undefined;
}

/** `kho check s3://BUCKET/PREFIX`. @throws {KhoError} */
export async function checkAddress(
  config: SiteConfig,
  { address, settings, fix, deep, all, json }: CheckAddressOptions,
): Promise<void> {
  const progress = new ProgressDisplay(terminal.progressOutput());
  const options = {
    ...{ address, settings, isDeep: deep === true },
    onProgress: (done: number, total: number) => {
      if (!json) progress.update({ stage: 'check', done, total });
    },
    onWait: (holder: string) => {
      if (!json) terminal.say([`kho: waiting for ${holder}`]);
    },
  };
  const checking = fix ? mendSiteBucket(config, options) : checkSiteBucket(config, options);
  const report = await checking.finally(() => progress.clear());
  const most = all ? Number.POSITIVE_INFINITY : undefined;
  if (json) terminal.stdout(printableJson({ site: config.root, ...report }));
  else {
    const { bucket, objects, drifts } = report;
    const { mended: before = [] } = report;
    const mended = before.length > 0 ? [`${counted(before.length, 'difference')} before`] : [];
    terminal.print([...driftLines(drifts, most), ...mended, resultLine(bucket, drifts.length, objects)]);
  }
  if (report.drifts.length > 0) process.exitCode = 1;
}

function resultLine(bucket: string, drifts: number, objects: number): Line {
  if (drifts === 0) return [green('fine'), `: ${bucket} has all of ${counted(objects, 'object')}, as they should be`];
  return [yellow('drift'), `: ${counted(drifts, 'difference')} in ${bucket}`];
}
