import { join } from 'node:path';
import type { IndexedFile, Project } from '../catalog/model.ts';
import { type ClientView, viewHtml, viewJson } from '../clients/client-view.ts';
import { firstDifference } from '../clients/first-difference.ts';
import { readMetadata } from '../inspect/inspect-file.ts';
import { FormatError } from '../problems.ts';
import { fromRoot } from '../publish/target.ts';
import type { Page, RenderContext } from '../render/page.ts';
import { pypiJsonPages } from '../render/simple/pypi-json.ts';
import { simplePages } from '../render/simple/simple-pages.ts';
import { type CheckContext, readJsonPage, readPage } from './check-context.ts';
import { checkLinks } from './check-links.ts';
import { compareDetail, type ViewedDetail } from './compare-detail.ts';

/**
 * Hold a project's pages against each other, against what they ought to say, and against the files that they name.
 *
 * @returns the pages' paths from the repository's folder
 */
export async function checkProject(project: Project, repository: string, context: CheckContext): Promise<string[]> {
  const siteUrl = context.config.url;
  const renderContext: RenderContext = { repository, ...(siteUrl !== undefined && { siteUrl }) };
  const [htmlPage, jsonPage] = simplePages(project, renderContext) as [Page, Page];
  const htmlPath = fromRoot(repository, htmlPage.path);
  const jsonPath = fromRoot(repository, jsonPage.path);

  const published = readJsonPage(jsonPath, context);
  const json = published === undefined ? undefined : view(jsonPath, () => viewJson(published), context);
  if (json) {
    checkLinks(json.files, jsonPath, context);
    compareDetail(published as ViewedDetail, JSON.parse(await jsonPage.render()), jsonPath, context.drifts);
  }
  const html = readPage(htmlPath, context);
  const htmlView = html === undefined ? undefined : view(htmlPath, () => viewHtml(html), context);
  if (htmlView && !json) checkLinks(htmlView.files, htmlPath, context);
  if (htmlView && json) {
    const difference = firstDifference(htmlView, json);
    if (difference !== undefined) context.drifts.add(htmlPath, `${difference}, as index.json beside it says`);
  }

  const readOne = async (file: IndexedFile) =>
    (await readMetadata(join(context.target.packagesOf(file.repository), file.path))).metadata;
  const jsonApi = pypiJsonPages(project, renderContext, readOne);
  for (const page of jsonApi) await checkJsonApi(page, fromRoot(repository, page.path), context);
  return [htmlPage, jsonPage, ...jsonApi].map((page) => page.path);
}

function view(path: string, read: () => ClientView, context: CheckContext): ClientView | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    context.drifts.add(path, error.message);
    return undefined;
  }
}

async function checkJsonApi(page: Page, path: string, context: CheckContext): Promise<void> {
  const published = readJsonPage(path, context);
  if (published === undefined) return;
  let expected: string;
  try {
    expected = await page.render();
  } catch (error) {
    if (error instanceof FormatError) return; // the audit has reported that file
    throw error;
  }
  const difference = firstDifference(published, JSON.parse(expected));
  if (difference !== undefined) context.drifts.add(path, difference);
}
