/** Whether pages of the simple API come in the right form, to the right address, and fresh. */
import { firstDifference } from '../clients/first-difference.ts';
import type { Check } from './check.ts';
import { Fault, NothingToSee } from './finding.ts';
import { linksIn } from './links-in.ts';
import { filesOf, isJson, type Patient } from './patient.ts';
import { ACCEPT_OLD_PIP, ACCEPT_PIP, mediaType, type Visit } from './visitor.ts';

const NO_PROJECT = 'kho-doctor-asks-for-what-is-not-there';
const HTML_TYPES = ['text/html', 'application/vnd.pypi.simple.v1+html'];
/** PyPI's own, in seconds. */
const LONGEST_MAX_AGE = 600;
/** Of what is not there, in seconds. */
const LONGEST_ERROR_AGE = 60;

const MAX_AGE = /(?:^|[\s,])max-age\s*=\s*"?(\d+)/i;
/** In caches that many share, such as CDNs, it comes before the other. */
const SHARED_MAX_AGE = /(?:^|[\s,])s-maxage\s*=\s*"?(\d+)/i;

const firstPage = ({ projects }: Patient) => projects[0]!; // Not asked of an empty index.

export const PAGE_CHECKS: Partial<Record<string, Check>> = {
  async unknown({ visitor, index }) {
    for (const accept of [ACCEPT_PIP, ACCEPT_OLD_PIP]) {
      const { url, answer } = await visitor.follow(new URL(`${NO_PROJECT}/`, index.url), { Accept: accept });
      if (answer.status !== 404) throw new Fault(`${url.href} is answered with ${answer.status}`);
    }
  },

  async slash({ visitor, index, projects }) {
    for (const url of [index.url, ...projects.map((project) => project.url)]) {
      const without = new URL(url.href.replace(/\/$/, ''));
      const visit = await visitor.follow(without, { Accept: ACCEPT_OLD_PIP });
      mustLeadTo(visit, url, without);
    }
  },

  async spelling({ visitor, index, projects }) {
    for (const { name, url } of projects) {
      for (const spelling of new Set([name.toUpperCase(), name.replaceAll('-', '_'), name.replaceAll('-', '.')])) {
        if (spelling === name) continue;
        const asked = new URL(`${spelling}/`, index.url);
        mustLeadTo(await visitor.follow(asked, { Accept: ACCEPT_OLD_PIP }), url, asked);
      }
    }
  },

  async 'double-slash'({ visitor, index, ...patient }) {
    const { url, name } = firstPage({ visitor, index, ...patient });
    const asked = new URL(`${index.url.href}/${name}/`);
    const visit = await visitor.follow(asked, { Accept: ACCEPT_OLD_PIP });
    if (visit.answer.status === 404) {
      throw new Fault(`${asked.href} is 404; pipenv asks so when its source ends in a slash`, { isNote: true });
    }
    mustLeadTo(visit, url, asked);
  },

  async json({ visitor, projects }) {
    for (const { url, json } of projects) {
      const type = mediaType(json.visit.answer);
      if (isJson(json)) continue;
      if (json.view) throw new Fault(`${url.href} is JSON, but is sent as "${type}"`);
      const file = await visitor.follow(new URL('index.json', url));
      const kept = file.answer.status === 200 ? 'its index.json is there, but nobody gets it' : 'it has no index.json';
      throw new Fault(`${url.href} is sent as "${type}" to who asks for JSON; ${kept}`);
    }
  },

  async html({ visitor, projects }) {
    for (const { url, html } of projects) {
      if (html.view === undefined) throw new Fault(`${url.href} as HTML ${html.fault}`);
      for (const headers of [{ Accept: ACCEPT_OLD_PIP }, { Accept: '*/*' }, {}]) {
        const type = mediaType((await visitor.follow(url, headers)).answer);
        const asked = 'Accept' in headers ? `who asks for ${headers.Accept}` : 'who asks for nothing special';
        if (!HTML_TYPES.includes(type)) throw new Fault(`${url.href} is sent as "${type}" to ${asked}`);
      }
    }
  },

  async vary(patient) {
    const { url, html, json } = firstPage(patient);
    if (!isJson(json)) throw new NothingToSee('there is one form only');
    for (const { answer } of [html.visit, json.visit]) {
      if (!/(?:^|,)\s*(?:accept|\*)\s*(?:,|$)/i.test(answer.headers.vary ?? '')) {
        throw new Fault(`${url.href} comes in two forms, but without "Vary: Accept"`);
      }
    }
  },

  async etag({ visitor, projects }) {
    for (const { url, html, json } of projects) {
      const [htmlTag, jsonTag] = [html.visit.answer.headers.etag, json.visit.answer.headers.etag];
      if (htmlTag === undefined) throw new Fault(`${url.href} has no ETag`);
      if (isJson(json) && htmlTag === jsonTag) throw new Fault(`${url.href} has one ETag, ${htmlTag}, for both forms`);
      const again = await visitor.get(html.visit.url, { Accept: ACCEPT_OLD_PIP, 'If-None-Match': htmlTag });
      if (again.status !== 304) throw new Fault(`${url.href} is answered with ${again.status} to its own ETag`);
    }
  },

  async fresh(patient) {
    for (const [what, { url, answer }] of [
      ['index', patient.index.visit],
      ['page', firstPage(patient).html.visit],
    ] as const) {
      const header = answer.headers['cache-control'] ?? '';
      if (/no-cache|no-store/i.test(header)) continue;
      const maxAge = Number(MAX_AGE.exec(header)?.[1] ?? Number.NaN);
      if (/immutable/i.test(header) || maxAge > LONGEST_MAX_AGE) {
        throw new Fault(`the ${what} ${url.href} says "${header}": new releases stay unseen for so long`);
      }
      if (Number.isNaN(maxAge)) {
        throw new Fault(`the ${what} ${url.href} says nothing of it: caches guess how long it holds`);
      }
    }
    await mustForget(patient);
  },

  async same({ projects }) {
    const both = projects.filter(({ html, json }) => html.view && json.view);
    if (both.length === 0) throw new NothingToSee('there is one form only');
    for (const project of both) {
      const { url, html, json } = project;
      const answers = [html, json].map((form) =>
        filesOf({ ...project, html: form, json: form })
          .map((file) => ({
            filename: file.filename,
            url: file.address.href,
            sha256: file.sha256,
            requiresPython: file.requiresPython,
            metadata: file.metadataSha256,
            yanked: file.yanked,
          }))
          .sort((a, b) => (a.filename < b.filename ? -1 : 1)),
      );
      const difference = firstDifference(answers[0], answers[1]);
      if (difference !== undefined) throw new Fault(`${url.href} as HTML and as JSON: ${difference}`);
    }
  },

  async 'json-api'({ visitor, index, projects }) {
    for (const { name } of projects) {
      const { url, answer } = await visitor.follow(new URL(`../pypi/${name}/json`, index.url));
      if (answer.status === 404) throw new NothingToSee(`${url.href} is not there`);
      const type = mediaType(answer);
      if (answer.status !== 200) throw new Fault(`${url.href} is answered with ${answer.status}`);
      if (type !== 'application/json') throw new Fault(`${url.href} is sent as "${type}"`);
    }
  },

  async cors({ index }) {
    if (index.visit.answer.headers['access-control-allow-origin'] === undefined) {
      throw new Fault(`${index.url.href} has no Access-Control-Allow-Origin`, { isNote: true });
    }
  },
};

/** What is not there now may be there in a moment: a CDN that has asked for it keeps that to itself. */
async function mustForget({ visitor, index }: Patient): Promise<void> {
  const { url, answer } = await visitor.follow(new URL(`${NO_PROJECT}/`, index.url), { Accept: ACCEPT_PIP });
  const { headers } = answer;
  const said = headers['cache-control'] ?? '';
  const maxAge = Number((SHARED_MAX_AGE.exec(said) ?? MAX_AGE.exec(said))?.[1] ?? 0);
  const kept = Math.max(maxAge, Number(headers['age'] ?? 0));
  if (answer.status < 400 || kept <= LONGEST_ERROR_AGE) return;
  throw new Fault(`${url.href} is not there, and caches keep that for ${kept} s: a release stays unseen for so long`);
}

/** The page without a redirect is as good if its links do not depend on where it is. */
function mustLeadTo({ url, answer }: Visit, target: URL, asked: URL): void {
  if (answer.status !== 200) throw new Fault(`${asked.href} is answered with ${answer.status}`);
  if (url.href === target.href) return;
  if (url.protocol !== target.protocol || url.host !== target.host) {
    throw new Fault(`${asked.href} leads to ${url.href}: another server, as clients see it`);
  }
  const isSamePlace = new URL('./', url).href === new URL('./', target).href;
  const text = answer.body.toString('utf8');
  const relative = linksIn(text).find((href) => !/^(?:https?:|\/)/i.test(href));
  if (!isSamePlace && relative !== undefined && changesTarget(relative, url, target)) {
    throw new Fault(`${asked.href} shows the page without a redirect: its links lead astray`);
  }
}

function changesTarget(href: string, from: URL, right: URL): boolean {
  return URL.canParse(href, from.href) && new URL(href, from).href !== new URL(href, right).href;
}
