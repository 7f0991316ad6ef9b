import { createContext, Script } from 'node:vm';
import type { RenderedDescription } from '../readme/render-description.ts';
import type { CoreMetadata } from '../standards/metadata.ts';

/**
 * The limits of readme/limits.ts keep every description that we know of within a second or two. This one is for those that we do not
 * know: better a plain text than a build that never ends. So long that a busy machine does not meet it. In milliseconds.
 */
const LONGEST_MS = 60_000;

/** Shorter texts are not watched, which costs more than some of them do: what grows with the square of so few characters ends soon. */
const WATCHED_FROM = 20_000;

export interface ReadmeOptions {
  topHeading: number;
  remoteImages: boolean;
}

type Renderers = typeof import('../readme/render-description.ts');

/** Renders descriptions of packages, which may be written to stall whoever does. */
export class ReadmeRenderer {
  readonly #options: ReadmeOptions;
  readonly #longestMs: number;
  #renderers: Renderers | undefined;

  constructor(options: ReadmeOptions, longestMs = LONGEST_MS) {
    this.#options = options;
    this.#longestMs = longestMs;
  }

  /** Undefined when the package says nothing of itself. */
  async render({ description, descriptionContentType }: CoreMetadata): Promise<RenderedDescription | undefined> {
    if (description === undefined) return undefined;
    this.#renderers ??= await import('../readme/render-description.ts');
    const { renderDescription, renderPlainly } = this.#renderers;
    const render = () => renderDescription(description, descriptionContentType, this.#options);
    if (description.length < WATCHED_FROM) return render();
    return inTime(render, this.#longestMs) ?? renderPlainly(description);
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
