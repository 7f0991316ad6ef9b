import { plainToHtml } from '../plain.ts';

/** reStructuredText as HTML. */
export function rstToHtml(text: string): string {
  return plainToHtml(text);
}
