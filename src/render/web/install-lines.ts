/** How each client installs from a repository: lines to copy. */
import type { Release } from '../../catalog/model.ts';
import { type Html, html } from '../html.ts';
import type { IndexAddress } from './address.ts';
import { copyable } from './parts.ts';
import type { Words } from './words.ts';

export interface InstallLines {
  /** Unique in a page. */
  id: string;
  client: string;
  lines: Html;
}

/** @param requirement a project, or what stands for one: `PROJECT` */
export function installLines(requirement: string, { url, bareUrl, trustedHost }: IndexAddress): InstallLines[] {
  const lines = (id: string, client: string, text: Html): InstallLines => ({ id, client, lines: text });
  return [
    lines('pip', 'pip', html`pip install --index-url ${url}${trustedHost} ${requirement}`),
    lines(
      'uv',
      'uv',
      html`uv add --default-index ${url} ${requirement}
# without a project:
uv pip install --default-index ${url} ${requirement}`,
    ),
    lines(
      'poetry',
      'Poetry',
      html`poetry source add --priority=primary kho ${url}
poetry add --source kho ${requirement}`,
    ),
    lines(
      'pdm',
      'PDM',
      html`pdm config --local pypi.url ${url}
pdm add ${requirement}`,
    ),
    lines('pipenv', 'Pipenv', html`PIPENV_PYPI_MIRROR=${bareUrl} pipenv install ${requirement}`),
    lines(
      'docker',
      'Dockerfile',
      html`ENV PIP_INDEX_URL=${url} \\
    UV_DEFAULT_INDEX=${url}
RUN pip install ${requirement}`,
    ),
    lines(
      'github',
      'GitHub Actions',
      html`env:
  PIP_INDEX_URL: ${url}
  UV_DEFAULT_INDEX: ${url}
steps:
  - run: pip install ${requirement}`,
    ),
    lines(
      'gitlab',
      'GitLab CI',
      html`variables:
  PIP_INDEX_URL: ${url}
  UV_DEFAULT_INDEX: ${url}
test:
  script:
    - pip install ${requirement}`,
    ),
  ];
}

/** For a requirements file: pip and uv then install nothing but these very bytes. */
export function hashLines(name: string, release: Release, { url }: IndexAddress): InstallLines {
  const hashes = release.files.map((file) => html` \\\n    --hash=sha256:${file.sha256}`);
  const lines = html`--index-url ${url}
${name}==${release.version}${hashes}`;
  return { id: 'hashes', client: 'requirements.txt', lines };
}

/** One line at a time, chosen by radio buttons: no script is needed for that. @param group unique in a page that has several */
export function installTabs(all: readonly InstallLines[], words: Words, group = 'install'): Html {
  const tab = (
    { id, client, lines }: InstallLines,
    place: number,
  ) => html`<input type="radio" name="${group}" id="${group}-${id}"${place === 0 ? html` checked` : ''}><label for="${group}-${id}">${client}</label>
<div class="panel">${copyable(lines, words, words.label('copyLinesFor', client))}</div>
`;
  return html`<fieldset class="tabs">
<legend>${words.mark('installWith')}</legend>
${all.map(tab)}</fieldset>
`;
}
