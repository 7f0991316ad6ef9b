/** `project/publish.html`, of the site and of each repository: how to upload to it. No page knows a token. */
import { type Html, html } from '../html.ts';
import { uploadAddress } from './address.ts';
import { installTabs } from './install-lines.ts';
import { layout, PagePlace } from './layout.ts';
import type { SiteContext } from './model.ts';
import { copyable, facts, when } from './parts.ts';
import { PUBLISH_PAGE } from './places.ts';
import { repositoryCrumbs } from './project-page.ts';
import { addressHint } from './repository-page.ts';
import { uploadLines } from './upload-lines.ts';
import { Words } from './words.ts';

/** It asks for the token without showing it, and keeps it out of the history of the shell. */
const TAKE_TOKEN = 'read -rs KHO_TOKEN && export KHO_TOKEN';

/** @param repository `.` for the site, which sorts what it is sent */
export function publishPage(site: SiteContext, repository: string): string {
  const words = new Words(site.language);
  const place = new PagePlace(repository, PUBLISH_PAGE);
  const address = uploadAddress(site, repository);
  const title = repository === '.' ? site.title : repository;
  const step = (key: 'yourToken' | 'buildIt' | 'uploadIt', ...body: Html[]) =>
    html`<section><h2>${words.mark(key)}</h2>\n${body}</section>\n`;
  const one = (line: string) => copyable(line, words, words.label('copy'));
  const others = repository === '.' ? (site.uploadsTo ?? []).filter((name) => name !== '.') : [];
  const makeToken = html`<code>kho token add NAME${repository === '.' ? '' : ` --to ${repository}`}</code>`;
  return layout({
    ...{ site, place, kind: 'publish', title: { key: 'publish' } },
    crumbs: [...repositoryCrumbs(site, place), { text: words.mark('publish') }],
    body: [
      html`<div class="title">\n<h1>${words.mark('publishTo', title)}</h1>\n<p class="summary">${words.mark('publishAbout')}</p>\n</div>\n`,
      when(others.length > 0, () => whereTo(others, place, words)),
      step(
        'yourToken',
        html`<p>${words.mark('tokenAbout')} ${makeToken}</p>\n`,
        html`<p>${words.mark('tokenTaken')}</p>\n`,
        one(TAKE_TOKEN),
      ),
      step('buildIt', one('python -m build')),
      step(
        'uploadIt',
        installTabs(uploadLines(address.url), words, 'upload'),
        when(!address.isKnown, () => addressHint(words)),
      ),
      answers(words),
      html`<section id="by-hand"><h2>${words.mark('withoutToken')}</h2>\n<p>${words.mark('scpAbout')}</p>\n${one('scp dist/* SERVER:SITE/incoming/')}<p class="sub">${words.mark('scpNames')}</p></section>\n`,
    ],
  });
}

function whereTo(repositories: readonly string[], place: PagePlace, words: Words): Html {
  const link = (name: string) => html`<li><a href="${place.inSite(`${name}/${PUBLISH_PAGE}`)}">${name}</a></li>\n`;
  return html`<div id="where"><p>${words.mark('publishSorted')}</p>\n<ul class="inline">\n${repositories.map(link)}</ul></div>\n`;
}

function answers(words: Words): Html {
  return html`<section id="answers"><h2>${words.mark('answers')}</h2>
${facts([
  ['200', words.mark('answerTaken')],
  ['400', words.mark('answerRefused')],
  ['401, 403', words.mark('answerToken')],
  ['413, 507', words.mark('answerRoom')],
])}</section>
`;
}
