/** The plain front pages for people: they work without scripts, on a phone, and from a disk. */
import { fingerprint } from '../fingerprint.ts';
import { type Html, html } from '../html.ts';
import { encodePath, repositoryUrl } from '../links.ts';
import type { Page, RenderContext } from '../page.ts';
import { listingPage } from './listing-page.ts';

export interface ListedProject {
  /** Normalized. */
  name: string;
  displayName: string;
  /** Version of the latest release. */
  latest?: string;
  /** How many files are listed. */
  files: number;
}

export interface ListedRepository {
  name: string;
  projects: number;
  files: number;
}

/** A repository's `index.html`. For the site itself (`.`) see `siteIndexPage`. */
export function repositoryIndexPage(
  siteTitle: string,
  projects: readonly ListedProject[],
  context: RenderContext,
): Page {
  const { repository, siteUrl } = context;
  const inputs = fingerprint(['repository', siteTitle, repository, siteUrl, projects]);
  const render = () =>
    listingPage(`${repository} - ${siteTitle}`, [
      html`<h1>${repository}</h1>\n<p><a href="../index.html">${siteTitle}</a></p>\n`,
      usage(context),
      projectTable(projects),
    ]);
  return { path: 'index.html', inputs, render };
}

/**
 * The site's `index.html`.
 *
 * @param repositories all but the site itself
 * @param ownProjects what the site itself lists, when it is a repository
 */
export function siteIndexPage(
  siteTitle: string,
  siteUrl: string | undefined,
  repositories: readonly ListedRepository[],
  ownProjects?: readonly ListedProject[],
): Page {
  const inputs = fingerprint(['site', siteTitle, siteUrl, repositories, ownProjects]);
  const context: RenderContext = { repository: '.', ...(siteUrl !== undefined && { siteUrl }) };
  const render = () =>
    listingPage(siteTitle, [
      html`<h1>${siteTitle}</h1>\n`,
      ...(ownProjects ? [usage(context)] : []),
      ...(repositories.length > 0 || !ownProjects ? [repositoryTable(repositories)] : []),
      ...(ownProjects ? [projectTable(ownProjects)] : []),
    ]);
  return { path: 'index.html', inputs, render };
}

const DUMB_PYPI_MARKS = [/<div class="packages\b/, /<div class="searchbox">/, /\bclass="title">\s*<h1>/];

/**
 * Whether an `index.html` was made by kho, or by dumb-pypi (any version: they all have these marks), so that kho may
 * replace it. A page that a person wrote is left alone.
 */
export function isReplaceableIndex(text: string): boolean {
  const [head = ''] = text.split(/<\/head>/i, 1);
  if (head.includes('<meta name="generator" content="kho">')) return true;
  return DUMB_PYPI_MARKS.every((mark) => mark.test(text));
}

function usage({ repository, siteUrl }: RenderContext): Html {
  if (siteUrl === undefined) {
    return html`<p>Install from it:</p>\n<pre>pip install --index-url <i>address of this folder</i>/simple/ <i>PROJECT</i></pre>\n`;
  }
  const insecure = siteUrl.startsWith('http://') ? ` --trusted-host ${new URL(siteUrl).host}` : ''; // else pip refuses
  const command = `pip install --index-url ${repositoryUrl(siteUrl, repository)}simple/${insecure}`;
  return html`<p>Install from it:</p>\n<pre>${command} <i>PROJECT</i></pre>\n`;
}

function projectTable(projects: readonly ListedProject[]): Html {
  if (projects.length === 0) return html`<p>No projects yet.</p>\n`;
  const files = projects.reduce((sum, project) => sum + project.files, 0);
  const rows = projects.map(
    ({ name, displayName, latest, files }) =>
      html`<tr><td><a href="simple/${name}/index.html">${displayName}</a></td><td>${latest ?? ''}</td><td>${files}</td></tr>\n`,
  );
  return html`<p>${counted(projects.length, 'project')}, ${counted(files, 'file')}</p>
<table>
<thead><tr><th>Project</th><th>Latest version</th><th>Files</th></tr></thead>
<tbody>
${rows}</tbody>
</table>\n`;
}

function repositoryTable(repositories: readonly ListedRepository[]): Html {
  if (repositories.length === 0) return html`<p>No repositories yet.</p>\n`;
  const rows = repositories.map(
    ({ name, projects, files }) =>
      html`<tr><td><a href="${encodePath(name)}/index.html">${name}</a></td><td>${projects}</td><td>${files}</td></tr>\n`,
  );
  return html`<table>
<thead><tr><th>Repository</th><th>Projects</th><th>Files</th></tr></thead>
<tbody>
${rows}</tbody>
</table>\n`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
