import type { IndexedFile } from '../../catalog/model.ts';
import type { Member } from '../../formats/archive-member.ts';
import type { CoreMetadata } from '../../standards/metadata.ts';
import { counted, grouped, inBytes, inColumns, onDay } from '../amounts.ts';
import { problemLines } from '../lines/problem-lines.ts';
import { bold, type Line, red, yellow } from '../text.ts';
import { binaryLines } from './binary-lines.ts';
import { type Field, fieldLines } from './field-lines.ts';
import type { ShownFile, ShownProject } from './shown.ts';

export function fileLines(file: ShownFile): Line[] {
  const { filename, problems } = file;
  const contents = file.package;
  return [
    [bold(filename)],
    ...fieldLines(fileFields(file)),
    ...(problems.length > 0 ? ['', [red('Problems and notes')] as Line, ...problemLines(problems)] : []),
    ...(contents?.binaries ? ['', [bold('Machines')] as Line, ...binaryLines(contents.binaries)] : []),
    ...(contents ? ['', [bold('Metadata')] as Line, ...metadataLines(contents.metadata)] : []),
    ...(contents ? ['', ...memberLines(contents.members)] : []),
  ];
}

function fileFields({ filename, path, size, sha256, package: contents, listedIn, inSite, origin }: ShownFile): Field[] {
  const fields: Field[] = [
    ['path', path],
    ['size', size < 1000 ? inBytes(size) : `${inBytes(size)} (${counted(size, 'byte')})`],
  ];
  if (sha256 !== undefined) fields.push(['sha256', sha256]);
  if (origin) fields.push(['origin', `${origin.index}, fetched ${origin.fetched}`]);
  if (contents) fields.push(['kind', contents.kind], ['project', contents.project]);
  for (const tag of contents?.tags ?? []) fields.push(['tag', tag]);
  if (inSite !== undefined)
    fields.push(['listed in', listedIn.map(({ repository }) => repository).join(', ') || 'no index']);
  const [listed] = listedIn;
  if (listed) {
    fields.push(['uploaded', listed.uploadTime]);
    if (listed.yanked !== undefined) fields.push(['yanked', listed.yanked || 'without a reason']);
    if (listed.signed) fields.push(['signature', `${filename}.asc`]);
    if (listed.provenance) fields.push(['provenance', `${filename}.provenance`]);
  }
  return fields;
}

/** @param repositories those that show the project alike */
export function projectLines(repositories: readonly string[], { project, metadata }: ShownProject): Line[] {
  const { status, statusReason, releases } = project;
  const reason = statusReason === undefined ? '' : `: ${statusReason}`;
  return [
    [
      bold(`${project.displayName} in ${repositories.join(', ')}`),
      ...(status ? ['  ', yellow(`${status}${reason}`)] : []),
    ],
    ...releases.flatMap(({ version, files }): Line[] => ['', [bold(`  ${version}`)], ...releaseLines(files)]),
    ...(metadata ? ['', [bold(`Metadata of ${metadata.version}`)] as Line, ...metadataLines(metadata)] : []),
  ];
}

function releaseLines(files: readonly IndexedFile[]): Line[] {
  const rows = inColumns(
    files.map(({ filename, size, uploadedMs }) => [filename, inBytes(size), onDay(uploadedMs)]),
    [1],
  );
  return files.map(({ yanked, signed, provenance, requiresPython }, index): Line => {
    const more = [
      ...(requiresPython ? [`Python ${requiresPython}`] : []),
      ...(signed ? ['signed'] : []),
      ...(provenance ? ['with provenance'] : []),
    ];
    const text = ['   ', ...(rows[index] ?? [])].join('  ').slice(1);
    const yankedText = yanked === undefined ? [] : ['  ', yellow(yanked ? `yanked: ${yanked}` : 'yanked')];
    return [text, ...(more.length > 0 ? [`  ${more.join(', ')}`] : []), ...yankedText];
  });
}

/** Every field that has a value, the long description only by its length. */
export function metadataLines(metadata: CoreMetadata): Line[] {
  const fields: Field[] = [];
  for (const [field, value] of Object.entries(metadata) as [string, string | string[] | undefined][]) {
    if (value === undefined) continue;
    const label = field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    if (field === 'description') fields.push([label, counted(value.length, 'character')]);
    else for (const each of [value].flat()) for (const line of each.split(/\r?\n/)) fields.push([label, line]);
  }
  return fieldLines(fields);
}

function memberLines(members: readonly Member[]): Line[] {
  const files = members.filter(({ kind }) => kind !== 'folder');
  const unpacked = files.reduce((sum, { size }) => sum + size, 0);
  const rows = inColumns(
    files.map(({ path, size, kind }) => [kind === 'link' ? 'link' : grouped(size), path]),
    [0],
  );
  return [
    [bold(`${counted(files.length, 'member')}, ${inBytes(unpacked)} unpacked`)],
    ...rows.map((row) => `  ${row.join('  ')}`),
  ];
}
