/**
 * What a request to a published site asks for, as a program that runs where no kho does: at the edge of a CDN, before a bucket. Written once
 * for all of them, in the JavaScript that CloudFront's functions read (ECMAScript 5.1, with const and let), which is the least of what they do.
 * Answers as `route` (server/route.ts) and `chooseForm` (standards/simple-api/negotiate.ts) do, as far as it can be told without a look at the
 * bucket; edge-logic.test.ts holds it to that.
 */
import { PAGE_TYPES, SIMPLE_TYPES } from '../../standards/http/media-types.ts';
import { PACKAGE_ENDINGS } from '../../standards/package-suffixes.ts';
import { SERVED_ENDINGS } from '../../standards/side-files.ts';
import { SYNC_FOLDER, SYNC_NAMES } from '../../sync-format/sync-names.ts';
import { OF_THE_OWNER, UNPUBLISHED } from '../address-shapes.ts';
import type { EdgeSite } from './edge-site.ts';

/** In bytes; S3 refuses longer ones with an answer of its own. */
const LONGEST_KEY = 1024;

/** As many as a path of a site may have, by far; a function at the edge is ended when it takes long. */
const MOST_SEGMENTS = 50;

/** @returns the program's text: a function `locate(path, query, accept)`, and what it needs */
export function edgeLogic({ site, keyPrefix, hidden }: Pick<EdgeSite, 'site' | 'keyPrefix' | 'hidden'>): string {
  return `// What comes before the site in its addresses.
const PREFIX = ${JSON.stringify(site.prefix)};
// Nothing below these is handed out. Private repositories stand here: nobody at the edge knows their tokens.
const HIDDEN = ${JSON.stringify([...UNPUBLISHED, ...hidden])};
const LONGEST_KEY = ${LONGEST_KEY - keyPrefix.length};  // in bytes, of what comes behind the bucket's prefix
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const NEVER_PUBLISHED = /[\\x00-\\x1f\\x7f/\\\\]/;
const PACKAGE = /\\.(?:${PACKAGE_ENDINGS})(?:\\.(?:${SERVED_ENDINGS}))?$/;
const SYNCED = /^(?:${SYNC_NAMES})$/;
const PAGE_FILE = /\\.(?:${Object.keys(PAGE_TYPES).join('|')})$/;
const TYPES = '${SIMPLE_TYPES.json.slice(0, -'v1+json'.length)}';
const OF_THE_OWNER = ${JSON.stringify(OF_THE_OWNER)};

// What is asked for: { status: 200, key, ... } for what may be in the bucket; 301 with a location, or 400, 404, 406.
function locate(address, query, accept) {
  if (address === PREFIX && PREFIX !== '') return { status: 301, location: './' + PREFIX.slice(PREFIX.lastIndexOf('/') + 1) + '/' + query };
  if (address.indexOf(PREFIX + '/') !== 0) return { status: 404 };
  const raw = address.slice(PREFIX.length + 1).split('/', ${MOST_SEGMENTS + 1});
  if (raw.length > ${MOST_SEGMENTS}) return { status: 404 };
  const isFolder = raw[raw.length - 1] === '';
  if (isFolder) raw.pop();
  const names = [];
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] === '') continue;
    const name = decoded(raw[i]);
    if (name === undefined) return { status: 400 };
    if (name.charAt(0) === '.' || NEVER_PUBLISHED.test(name)) return { status: 404 };
    names.push(name);
  }
  const found = find(names, isFolder);
  if (!found) return { status: 404 };
  if (names.join('/') + (isFolder && names.length > 0 ? '/' : '') !== found.canonical || names.length < raw.length) {
    // Relative, so that it is right under any host and prefix.
    let upwards = isFolder ? '../' : '';
    for (let i = 1; i < raw.length; i++) upwards += '../';
    return { status: 301, location: (upwards || './') + encoded(found.canonical) + query };
  }
  if (found.page !== undefined) {
    const form = namedForm(query) || chosenForm(accept);
    if (!form) return { status: 406 };
    found.form = form;
    found.key = found.page + (form === 'json' ? 'index.json' : 'index.html');
  }
  if (encoded(found.key).replace(/%../g, '_').length > LONGEST_KEY) return { status: 404 };
  found.status = 200;
  return found;
}

function find(names, isFolder) {
  const first = names[0];
  if (first === undefined) return at('index.html', '');
  if (HIDDEN.indexOf(first) >= 0) return undefined;
  if (names.length === 1 && !isFolder && OF_THE_OWNER.indexOf(first) >= 0) return at(first, first);
  const isOfSite = ['index.html', 'SHA256SUMS', 'simple', 'pypi', 'packages', 'project'].indexOf(first) >= 0
    || (first === '${SYNC_FOLDER}' && names.length === 2 && SYNCED.test(names[1]));
  return isOfSite ? inRepository('', names, isFolder) : inRepository(first + '/', names.slice(1), isFolder);
}

// above: the repository's folder, with its slash. names: from there.
function inRepository(above, names, isFolder) {
  const path = names.join('/');
  const rest = names.slice(1);
  switch (names[0]) {
    case undefined:
      return at(above + 'index.html', above);
    case 'index.html':
    case 'SHA256SUMS':
      return rest.length > 0 || isFolder ? undefined : at(above + path, above + path);
    case 'simple':
      return inSimple(above, rest, isFolder);
    case 'pypi': {
      // PyPI's JSON API, with and without a slash at its end.
      const project = normalized(rest[0]);
      if (!project || rest.length < 2 || rest.length > 3 || rest[rest.length - 1] !== 'json') return undefined;
      const api = above + ['pypi', project].concat(rest.slice(1)).join('/');
      return at(api, api);
    }
    case 'packages':
      if (isFolder || !PACKAGE.test(path)) return undefined;
      return { key: above + path, canonical: above + path, isFile: true };
    case '${SYNC_FOLDER}':
      if (isFolder || rest.length !== 1 || !SYNCED.test(rest[0])) return undefined;
      return { key: above + path, canonical: above + path, isFile: true };
    case 'project': {
      // Folders have an index.html; what has no ending of a page is one.
      const isPage = rest.length > 0 && !isFolder && PAGE_FILE.test(path);
      return isPage ? at(above + path, above + path) : at(above + path + '/index.html', above + path + '/');
    }
    default:
      return undefined;
  }
}

function inSimple(above, rest, isFolder) {
  const simple = above + 'simple/';
  if (rest.length === 0) return { page: simple, canonical: simple };
  const isPage = /^index\\.(?:html|json)$/.test(rest[rest.length - 1]);
  if (isPage && rest.length === 1) return isFolder ? undefined : at(simple + rest[0], simple + rest[0]);
  const project = normalized(rest[0]);
  if (!project || rest.length > 2) return undefined;
  const folder = simple + project + '/';
  if (rest.length === 1) return { page: folder, canonical: folder };
  return isPage && !isFolder ? at(folder + rest[1], folder + rest[1]) : undefined;
}

function at(key, canonical) {
  return { key: key, canonical: canonical };
}

// PEP 503.
function normalized(name) {
  return name !== undefined && NAME.test(name) ? name.replace(/[-_.]+/g, '-').toLowerCase() : undefined;
}

// PEP 691: among forms that a client likes equally, the richest; JSON only where it is named.
function chosenForm(accept) {
  if (accept.trim() === '') return 'html';
  const weights = {};
  const items = accept.toLowerCase().split(',', 32);
  for (let i = 0; i < items.length; i++) {
    const parts = items[i].split(';');
    const type = ' ' + parts[0].trim();  // no name that every object has
    weights[type] = Math.max(weights[type] || 0, weight(parts));
  }
  const weightOf = function (form) {
    return Math.max(weights[' ' + TYPES + 'v1+' + form] || 0, weights[' ' + TYPES + 'latest+' + form] || 0);
  };
  const json = weightOf('json');
  const v1 = weightOf('html');
  const html = [' text/html', ' text/*', ' */*', ' *'].reduce(function (known, type) {
    return known === undefined ? weights[type] : known;
  }, undefined) || 0;
  if (json > 0 && json >= v1 && json >= html) return 'json';
  if (v1 > 0 && v1 >= html) return 'v1+html';
  return html > 0 ? 'html' : undefined;
}

function weight(parts) {
  for (let i = 1; i < parts.length; i++) {
    const text = parts[i].trim();
    if (!/^q\\s*=/.test(text)) continue;
    const value = text.slice(text.indexOf('=') + 1).trim();
    return /^(?:0(?:\\.\\d{0,3})?|1(?:\\.0{0,3})?)$/.test(value) ? Number(value) : 1;
  }
  return 1;
}

// ?format= beats Accept. A plus in it may stand for itself.
function namedForm(query) {
  const found = /[?&]format=([^&]*)/.exec(query);
  const type = found ? decoded(found[1]) : '';
  if (type === 'text/html') return 'html';
  if (type === TYPES + 'v1+json' || type === TYPES + 'latest+json') return 'json';
  return type === TYPES + 'v1+html' || type === TYPES + 'latest+html' ? 'v1+html' : undefined;
}

// Strict, so that one file has one address: S3 reads a bare + as a space.
function encoded(path) {
  return encodeURIComponent(path).replace(/%2F/g, '/').replace(/[()'*]/g, function (sign) {
    return '%' + sign.charCodeAt(0).toString(16).toUpperCase();
  });
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    return undefined;  // a percent sign without two digits, or no UTF-8
  }
}
`;
}
