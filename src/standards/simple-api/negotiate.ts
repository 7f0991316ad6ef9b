/**
 * In which form does a client want a page of the simple API?
 *
 * Source: PyPA "Simple repository API", sections "Version + Format selection" (PEP 691). Among forms that a client likes
 * equally, the richest comes first; but JSON only where it is named, since what knows no JSON sends no more than a star.
 */
import { contentType, HTML_TYPE, SIMPLE_TYPES } from '../http/media-types.ts';
import { parsePreferences } from '../http/preferences.ts';

export type SimpleForm = 'json' | 'v1+html' | 'html';

const NAMES: Record<SimpleForm, readonly string[]> = {
  json: [SIMPLE_TYPES.json, 'application/vnd.pypi.simple.latest+json'],
  'v1+html': [SIMPLE_TYPES.html, 'application/vnd.pypi.simple.latest+html'],
  html: [HTML_TYPE],
};

/** The Content-Type of each. */
export const FORM_TYPES: Record<SimpleForm, string> = {
  json: contentType(SIMPLE_TYPES.json),
  'v1+html': `${SIMPLE_TYPES.html}; charset=utf-8`,
  html: contentType(HTML_TYPE),
};

const FORMS = Object.keys(NAMES) as SimpleForm[];

/**
 * @param accept the Accept header; absent means anything
 * @returns undefined when the client takes none of the forms
 */
export function chooseForm(accept: string | undefined): SimpleForm | undefined {
  if (accept === undefined || accept.trim() === '') return 'html';
  const preferences = parsePreferences(accept);
  let best: SimpleForm | undefined;
  let bestWeight = 0;
  for (const form of FORMS) {
    const value = named(NAMES[form]) ?? (form === 'html' ? unnamed() : 0);
    if (value > bestWeight) [best, bestWeight] = [form, value];
  }
  return best;

  function named(names: readonly string[]): number | undefined {
    const found = names.flatMap((name) => preferences.get(name) ?? []);
    return found.length > 0 ? Math.max(...found) : undefined;
  }

  /** What a client thinks of HTML when it names it not. */
  function unnamed(): number {
    return preferences.get('text/*') ?? preferences.get('*/*') ?? preferences.get('*') ?? 0;
  }
}

/** A form by the name of its type, as `?format=` gives it. */
export function formNamed(type: string): SimpleForm | undefined {
  return FORMS.find((form) => NAMES[form].includes(type));
}
