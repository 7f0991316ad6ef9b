/** How each client uploads: lines to copy, the token being in the environment. docs/uploading.md says the same of an example's address. */
import { type Html, html } from '../html.ts';
import type { InstallLines } from './install-lines.ts';

/** Whom the token belongs to, kho does not ask. */
const USER = '__token__';

/** @param url of a repository or the site, with `upload/` behind it */
export function uploadLines(url: Html): InstallLines[] {
  const lines = (id: string, client: string, text: Html): InstallLines => ({ id, client, lines: text });
  const twine = html`TWINE_USERNAME=${USER} TWINE_PASSWORD=$KHO_TOKEN twine upload --repository-url ${url} dist/*`;
  return [
    lines('twine', 'twine', twine),
    lines('uv', 'uv', html`UV_PUBLISH_TOKEN=$KHO_TOKEN uv publish --publish-url ${url} dist/*`),
    lines(
      'poetry',
      'Poetry',
      html`poetry config repositories.kho ${url}
POETRY_HTTP_BASIC_KHO_USERNAME=${USER} POETRY_HTTP_BASIC_KHO_PASSWORD=$KHO_TOKEN poetry publish -r kho`,
    ),
    lines(
      'pdm',
      'PDM',
      html`PDM_PUBLISH_USERNAME=${USER} PDM_PUBLISH_PASSWORD=$KHO_TOKEN pdm publish --no-build --repository ${url}`,
    ),
    lines('hatch', 'Hatch', html`HATCH_INDEX_USER=${USER} HATCH_INDEX_AUTH=$KHO_TOKEN hatch publish --repo ${url}`),
    lines('flit', 'Flit', html`FLIT_INDEX_URL=${url} FLIT_USERNAME=${USER} FLIT_PASSWORD=$KHO_TOKEN flit publish`),
    lines('maturin', 'maturin', html`MATURIN_PYPI_TOKEN=$KHO_TOKEN maturin upload --repository-url ${url} dist/*`),
    lines('curl', 'curl', html`curl --fail-with-body -u ${USER}:$KHO_TOKEN -F content=@dist/FILE ${url}`),
    lines(
      'gitlab',
      'GitLab CI',
      html`publish:
  image: python:3.12
  script:
    - pip install build twine
    - python -m build
    - ${twine}`,
    ),
    lines(
      'github',
      'GitHub Actions',
      html`- uses: pypa/gh-action-pypi-publish@release/v1
  with:
    repository-url: ${url}
    password: \${{ secrets.KHO_TOKEN }}
    attestations: false`,
    ),
  ];
}
