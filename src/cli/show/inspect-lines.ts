import { problemLines } from '../lines/problem-lines.ts';
import { bold, green, type Line } from '../text.ts';
import { binaryLines } from './binary-lines.ts';
import type { ShownFile, ShownPackage } from './shown.ts';

/** What a file needs of a machine, and no more of it. @param path as it was asked for: it tells apart files of one name */
export function inspectionLines(path: string, { package: contents, problems }: ShownFile): Line[] {
  return [
    [bold(path)],
    ...problemLines(problems),
    ...(contents?.binaries
      ? binaryLines(contents.binaries)
      : contents
        ? problems.some(({ code }) => code === 'unknown-tag')
          ? []
          : [['  ', green(plainWords(contents))] as Line]
        : []),
  ];
}

function plainWords({ kind, tags }: ShownPackage): string {
  if (kind === 'sdist') return 'an sdist: the machine that installs it builds it';
  if (tags.some((tag) => tag.endsWith('-any'))) return 'pure: runs on any machine';
  const isForLinux = tags.some((tag) => /-(?:many|musl)?linux\w+$/.test(tag));
  return isForLinux
    ? 'has no programs or libraries: it would run on any machine'
    : 'for another system than Linux, by its name';
}
