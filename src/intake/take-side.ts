import { join } from 'node:path';
import { hashFile } from '../inspect/inspect-file.ts';
import { look } from '../io/open-file.ts';
import { WAIT_FOR_PACKAGE_MS } from '../scan/scan-packages.ts';
import { bring, type Place } from './bring.ts';
import { refuseToHide } from './destination.ts';
import type { PackageFile } from './packages-folder.ts';
import { findSameBytes, type PackagesFolder } from './packages-folder.ts';
import { refuseTaken } from './refuse.ts';
import type { IncomingSide } from './scan-incoming.ts';
import type { TakingRun } from './taking-run.ts';

/** What a side-file belongs to, in one repository. */
interface Beside {
  beside: PackageFile;
  published: PackagesFolder;
}

/** A side-file that came after its package, which may be in several repositories. */
export async function takeAlone(run: TakingRun, side: IncomingSide): Promise<void> {
  const besides = run.config.repositories
    .filter(({ packages }) => packages !== undefined)
    .flatMap((repository): Beside[] => {
      const published = run.publishedOf(repository);
      const [beside] = published.named(side.of);
      return beside ? [{ beside, published }] : [];
    });
  const hashes = besides.length < 2 ? [] : await Promise.all(besides.map(({ beside }) => hashFile(beside.full)));
  if (new Set(hashes).size > 1) {
    const folders = besides.map(({ beside }) => beside.file).join(', ');
    run.report(
      'undecided',
      side,
      'may be for any of several files',
      `put it beside the one of ${folders} that it is for`,
    );
  } else if (besides.length > 0) {
    await takeSide(run, side, besides);
  } else if (run.options.now - side.stamp.changedMs > WAIT_FOR_PACKAGE_MS) {
    const what = `belongs to ${JSON.stringify(side.of)}, which is not there`;
    run.report('not-a-package', side, what, 'put it beside its file in packages/, or remove it');
  }
}

export async function takeSide(run: TakingRun, side: IncomingSide, besides: readonly Beside[]): Promise<void> {
  const full = (beside: PackageFile) => `${beside.full}.${side.side}`;
  if (side.side === 'metadata') {
    run.drop(side, full((besides[0] as Beside).beside)); // kho writes its own
    return;
  }
  const sha256 = await hashFile(join(side.folder, side.name), side.stamp);
  const places: Place[] = [];
  for (const { beside, published } of besides) {
    const { repository } = published;
    const place: Place = {
      ...{ file: `${beside.file}.${side.side}`, full: full(beside), size: 0, repository: repository.name },
      mayReplace: repository.overwrite === true,
    };
    if (run.options.busy?.has(place.file)) return;
    const stats = look(place.full);
    if (stats && !stats.isFile()) refuseToHide(place);
    const sameNamed = stats ? [{ ...place, size: stats.size }] : [];
    if (await findSameBytes(sameNamed, side.stamp.size, sha256)) continue;
    if (sameNamed.length > 0 && !place.mayReplace) {
      await refuseTaken(run, side, sha256, [], { inTheWay: sameNamed, repository });
      return;
    }
    places.push(place);
  }
  if (places.length > 0) await bring(run, side, places, sha256);
  else run.drop(side, full((besides[0] as Beside).beside));
}
