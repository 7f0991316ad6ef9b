import { CONFIGURATIONS } from '../../deploy/config-forms.ts';
import { EXAMPLE_HOST } from '../../deploy/deployed-site.ts';
import type { InitReport } from '../../setup/init-site.ts';
import { shellWord } from '../../standards/shell-word.ts';
import { withoutTrailing } from '../../standards/trailing.ts';
import { bold, dim, type Line } from '../text.ts';

/** What was made, and what there is to do now, in words to copy. */
export function initLines(
  { site, repositories, made, kept, shared, toAdd }: InitReport,
  url: string | undefined,
): Line[] {
  const address = withoutTrailing(url ?? `https://${EXAMPLE_HOST}`, '/');
  const { hostname } = new URL(address);
  const first = repositories[0] === '.' ? '' : `/${repositories[0]}`;
  const folder = shellWord(`${site}${first}/packages/`);
  const root = shellWord(site);
  const index = `${address}${first}/simple/`;
  return [
    ...made.map((path) => `made ${path}`),
    ...kept.map((path) => `kept ${path}`),
    ...shared.map((path) => `given to the group: ${path}, and all folders in it`),
    ...(toAdd === ''
      ? []
      : [
          '',
          'kho.toml stays as it is. For others to list what "common" has, add to it (where it has such a [table] already, the line below into that):',
          ...toAdd.trim().split('\n'),
        ]),
    '',
    [bold('Next')],
    '  upload, from where packages are built:',
    `      scp dist/*.whl ${hostname}:${folder}`,
    '  or over HTTP, by twine, uv and their peers, once kho.toml has [upload] enabled = true:',
    `      kho token add ci --site ${root}`,
    '  publish, now or whenever something comes:',
    `      kho build ${root}`,
    `      kho watch ${root}`,
    '  serve, by nginx (or caddy, apache) with kho behind it, or by kho alone:',
    `      kho config systemd ${root} > ${CONFIGURATIONS.systemd.savedAs}`,
    `      kho config nginx ${root} > ${CONFIGURATIONS.nginx.savedAs}`,
    `      kho serve ${root}`,
    '  install:',
    `      pip install --index-url ${index} PROJECT`,
    `      uv pip install --default-index ${index} PROJECT`,
    '  look at it as clients do:',
    `      kho doctor ${index}`,
    ...(url === undefined ? ['', [dim(`${EXAMPLE_HOST} stands for your host: set url in kho.toml`)]] : []),
  ];
}
