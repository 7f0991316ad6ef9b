/** Ready lines for each client, for whoever was just given a token. */
import { ALL, type Token } from '../../access/token.ts';
import { SITE_ITSELF } from '../../config/repository-name.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { bold, dim, type Line } from '../text.ts';

const EXAMPLE_URL = 'https://packages.example.org';

/** Clients send it as the password; of the name they say, kho asks nothing. */
const USER = '__token__';

export function clientLines(secret: string, token: Token, config: SiteConfig): Line[] {
  const url = config.url ?? EXAMPLE_URL;
  const { upload, index } = addressesOf(token, config, url);
  const of = (title: string, lines: readonly string[]): Line[] => [
    '',
    [bold(title)],
    ...lines.map((line) => `  ${line}`),
  ];
  return [
    ...(token.rights.includes('upload')
      ? uploadLines(secret, upload).flatMap(([title, lines]) => of(title, lines))
      : []),
    ...(token.rights.includes('read') ? readLines(secret, index).flatMap(([title, lines]) => of(title, lines)) : []),
    ...(config.url === undefined
      ? ['', [dim(`${EXAMPLE_URL} stands for your address: set url in kho.toml`)] as Line]
      : []),
  ];
}

/** Where to upload, and what to install from: one repository where the token is for one, else the site, which sorts what it is sent. */
function addressesOf({ repositories }: Token, config: SiteConfig, url: string): { upload: string; index: string } {
  const [only] = repositories.length === 1 && repositories[0] !== ALL ? repositories : [];
  const single = only ?? (config.repositories.length === 1 ? config.repositories[0]?.name : undefined);
  const below = (name: string | undefined) =>
    name === undefined || name === SITE_ITSELF ? '' : `${encodeURIComponent(name)}/`;
  const shown = single ?? config.repositories[0]?.name;
  return { upload: `${url}/${below(single)}upload/`, index: `${url}/${below(shown)}simple/` };
}

function uploadLines(secret: string, upload: string): [string, string[]][] {
  return [
    ['twine', [`TWINE_REPOSITORY_URL=${upload} TWINE_USERNAME=${USER} TWINE_PASSWORD=${secret} twine upload dist/*`]],
    ['uv', [`UV_PUBLISH_URL=${upload} UV_PUBLISH_TOKEN=${secret} uv publish`]],
    [
      'Poetry',
      [
        `poetry config repositories.kho ${upload}`,
        `poetry config http-basic.kho ${USER} ${secret}`,
        'poetry publish --build --repository kho',
      ],
    ],
    ['PDM', [`PDM_PUBLISH_REPO=${upload} PDM_PUBLISH_USERNAME=${USER} PDM_PUBLISH_PASSWORD=${secret} pdm publish`]],
    [
      'In a CI',
      [
        'Keep the token as a secret of the CI, called KHO_TOKEN, and let the job run',
        `UV_PUBLISH_URL=${upload} UV_PUBLISH_TOKEN="$KHO_TOKEN" uv publish`,
      ],
    ],
  ];
}

function readLines(secret: string, index: string): [string, string[]][] {
  const { hostname } = new URL(index);
  return [
    [
      'pip, uv and Poetry, where a repository is private: this line in ~/.netrc (chmod 600)',
      [`machine ${hostname} login ${USER} password ${secret}`, `pip install --index-url ${index} PROJECT`],
    ],
  ];
}
