import { appendLine } from '../io/append-line.ts';
import { withSum } from '../io/kept-lines.ts';
import { Journal } from './journal.ts';

/**
 * A journal that several who publish, one after the other, add to: it goes at the end of all of them. What it tells of too many, or of what
 * came to its end, costs the next run a look at these projects.
 */
export class RowJournal extends Journal {
  /** It is there, and of this row. */
  #isBegun = false;
  /** So many who wrote have not come to their end. */
  #open = 0;

  constructor(root: string) {
    super(root, 'journal');
  }

  override write(projects: readonly string[]): string[] {
    this.#open++;
    if (!this.#isBegun) {
      const written = super.write(projects);
      this.#isBegun = true;
      return written;
    }
    const later: string[] = [];
    appendLine(this.path, projects.map((name) => withSum(name)).join(''), later);
    return later;
  }

  override get isLeft(): boolean {
    return this.#isBegun ? this.#open > 0 : super.isLeft;
  }

  /** One of them has come to its end. */
  override remove(): void {
    this.#open--;
  }

  /** All have: it goes, unless one of them failed. @throws {KhoError} WRITE */
  end(): void {
    if (this.#isBegun && this.#open === 0) super.remove(true);
    this.#isBegun = false;
  }
}
