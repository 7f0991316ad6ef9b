/** What all checks look at: an index, and some of its projects in both forms. */
import { type ClientFile, type ClientView, viewHtml, viewJson } from '../clients/client-view.ts';
import { FormatError } from '../problems.ts';
import { SIMPLE_TYPES } from '../standards/http/media-types.ts';
import type { NormalizedName } from '../standards/name.ts';
import { NothingToSee } from './finding.ts';
import type { FoundIndex } from './read-index.ts';
import { ACCEPT_OLD_PIP, ACCEPT_PIP, mediaType, type Visit, type Visitor } from './visitor.ts';

export interface KnownRepositories {
  all: readonly string[];
  private: readonly string[];
}

export interface Patient {
  visitor: Visitor;
  index: FoundIndex;
  /** Sampled; none of an empty index. */
  projects: SampledProject[];
  /** Milliseconds since 1970. */
  now: number;
  /** It is known that the site takes uploads. */
  takesUploads: boolean;
  /** Names of its repositories that are known to be private, and of all that are known. */
  known: KnownRepositories;
}

export interface SampledProject {
  name: NormalizedName;
  url: URL;
  html: Form;
  json: Form;
}

/** A page as some clients get it. */
export interface Form {
  visit: Visit;
  /** Absent when it is no page of this form. */
  view?: ClientView;
  /** Why not. */
  fault?: string;
}

/** A file that a page lists, and where it is. */
export interface LinkedFile extends ClientFile {
  address: URL;
  project: string;
}

export async function samplePatient(
  index: FoundIndex,
  visitor: Visitor,
  {
    projects: most,
    now,
    takesUploads = false,
    known = { all: [], private: [] },
  }: { projects: number; now: number; takesUploads?: boolean; known?: KnownRepositories },
): Promise<Patient> {
  const projects: SampledProject[] = [];
  for (const name of spread(index.names, most)) {
    const url = new URL(`${name}/`, index.url);
    const [html, json] = [
      await visitor.follow(url, { Accept: ACCEPT_OLD_PIP }),
      await visitor.follow(url, { Accept: ACCEPT_PIP }),
    ];
    projects.push({ name, url, html: readForm(html, viewHtmlText), json: readForm(json, viewJsonText) });
  }
  return { visitor, index, projects, now, takesUploads, known };
}

/** First those whose names have a dash: they can be spelled in more ways. */
function spread(names: readonly NormalizedName[], most: number): NormalizedName[] {
  const first = names.filter((name) => name.includes('-'));
  const ordered = [...first.slice(0, Math.ceil(most / 2)), ...names];
  const step = Math.max(1, Math.floor(names.length / most));
  const evenly = names.filter((_, place) => place % step === 0);
  return [...new Set([...ordered.slice(0, Math.ceil(most / 2)), ...evenly])].slice(0, most);
}

function readForm(visit: Visit, view: (text: string) => ClientView): Form {
  if (visit.answer.status !== 200) return { visit, fault: `is answered with ${visit.answer.status}` };
  try {
    return { visit, view: view(visit.answer.body.toString('utf8')) };
  } catch (error) {
    if (!(error instanceof FormatError) && !(error instanceof SyntaxError)) throw error;
    return { visit, fault: error.message };
  }
}

function viewHtmlText(text: string): ClientView {
  const view = viewHtml(text.trimStart());
  return { ...view, files: view.files.map((file) => ({ ...file, filename: file.filename.trim() })) };
}

function viewJsonText(text: string): ClientView {
  if (!text.trimStart().startsWith('{')) throw new SyntaxError('is no JSON');
  return viewJson(JSON.parse(text));
}

export function isJson({ visit, view }: Form): boolean {
  return view !== undefined && mediaType(visit.answer) === SIMPLE_TYPES.json;
}

/** The files of a page: of its JSON where there is one, else of its HTML. */
export function filesOf({ name, html, json }: SampledProject): LinkedFile[] {
  const form = json.view ? json : html;
  return (form.view?.files ?? []).flatMap((file) => {
    if (typeof file.url !== 'string' || !URL.canParse(file.url, form.visit.url.href)) return [];
    return [{ ...file, address: new URL(file.url, form.visit.url), project: name }];
  });
}

/**
 * Some files of each project: the first wheel, the first sdist, and one whose name has a plus, which servers get wrong.
 *
 * @throws {NothingToSee}
 */
export function sampleFiles({ projects }: Patient): LinkedFile[] {
  const chosen = projects.flatMap((project) => {
    const files = filesOf(project);
    const wheel = files.find(({ filename }) => filename.endsWith('.whl'));
    const sdist = files.find(({ filename }) => !filename.endsWith('.whl'));
    const plus = files.find(({ filename }) => filename.includes('+'));
    return [...new Set([wheel, sdist, plus])].filter((file) => file !== undefined);
  });
  if (chosen.length === 0) throw new NothingToSee('no page of a project could be read');
  return chosen;
}
