import { createContext, Script } from 'node:vm';
import type { RenderedDescription } from '../readme/render-description.ts';
import type { CoreMetadata } from '../standards/metadata.ts';

/**
 * So long a description may take; one that takes longer is shown as plain text. In milliseconds.
 *
 * The longest honest ones take half a second: far more is allowed, so that the same description gives the same page on a
 * machine that is busy. Indexes are published by then, only pages wait.
 */
const TIME_LIMIT_MS = 10_000;

export interface ReadmeOptions {
  topHeading: number;
  remoteImages: boolean;
}

type Renderers = typeof import('../readme/render-description.ts');

/** Renders descriptions of packages, which may be written to stall whoever does. */
export class ReadmeRenderer {
  readonly #options: ReadmeOptions;
  readonly #timeLimitMs: number;
  #renderers: Renderers | undefined;

  constructor(options: ReadmeOptions, timeLimitMs = TIME_LIMIT_MS) {
    this.#options = options;
    this.#timeLimitMs = timeLimitMs;
  }

  /** Undefined when the package says nothing of itself. */
  async render({ description, descriptionContentType }: CoreMetadata): Promise<RenderedDescription | undefined> {
    if (description === undefined) return undefined;
    this.#renderers ??= await import('../readme/render-description.ts');
    const { renderDescription, renderPlainly } = this.#renderers;
    const rendered = inTime(
      () => renderDescription(description, descriptionContentType, this.#options),
      this.#timeLimitMs,
    );
    return rendered ?? renderPlainly(description);
  }
}

/** A context with nothing in it but the function to call: `vm` is here for its clock, which ends even a regular expression. */
const CLOCK = createContext(Object.create(null));
const CALL = new Script('act()');

/** What `act` returns, or undefined when it did not end in time. */
function inTime<T>(act: () => T, timeLimitMs: number): T | undefined {
  try {
    CLOCK['act'] = act;
    return CALL.runInContext(CLOCK, { timeout: timeLimitMs }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  } finally {
    CLOCK['act'] = undefined;
  }
}
