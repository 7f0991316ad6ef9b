import { grouped } from './amounts.ts';

/** What a build tells while it works. */
interface ProgressLine {
  stage: string;
  done: number;
  total: number;
}

interface Output {
  write(text: string): void;
  isTerminal: boolean;
  /** Of the terminal, in characters. */
  columns: number;
}

/** A run that is over by then shows nothing. */
const FIRST_BAR_MS = 1000;
const REDRAW_MS = 100;
/** On a pipe: when the first line is written. The next waits twice as long, and so on: an hour makes eleven lines. */
const FIRST_LINE_MS = 5000;
const WIDEST_BAR = 40;

/** Words for the stages of a build; a stage without words is shown by its name. */
const STAGES: Record<string, string> = {
  inspect: 'reading packages',
  check: 'checking packages',
  fetch: 'fetching, in kB',
  push: 'pushing to the bucket',
};

/** What follows when all is read, of which no step is told. */
const LAST_STAGE = 'publishing';

/** How far a run is: a bar on a terminal, a few lines on a pipe. */
export class ProgressDisplay {
  readonly #output: Output;
  readonly #now: () => number;
  readonly #began: number;
  #next: number;
  #isDrawn = false;
  #last: ProgressLine | undefined;

  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
    this.#began = now();
    this.#next = this.#began + (output.isTerminal ? FIRST_BAR_MS : FIRST_LINE_MS);
  }

  update(progress: ProgressLine): void {
    this.#last = progress;
    const now = this.#now();
    if (now < this.#next) return;
    if (this.#output.isTerminal) {
      this.#output.write(`\r${barText(progress, this.#output.columns)}\u001b[K`);
      this.#isDrawn = true;
      this.#next = now + REDRAW_MS;
    } else {
      this.#output.write(`kho: ${words(progress)}\n`);
      this.#next = now + (now - this.#began);
    }
  }

  /** Of files on their way, in bytes. */
  fetched({ done, total }: { done: number; total: number }): void {
    this.update({ stage: 'fetch', done: Math.round(done / 1000), total: Math.round(total / 1000) });
  }

  /** To be called now and then where nothing may be told for long: a line says that the run goes on. */
  tick(): void {
    const now = this.#now();
    if (now < this.#next || this.#output.isTerminal) return;
    const isReading = this.#last !== undefined && this.#last.done < this.#last.total;
    this.#output.write(`kho: ${isReading && this.#last ? words(this.#last) : LAST_STAGE}\n`);
    this.#next = now + (now - this.#began);
  }

  /** Clears the bar. To be called before anything else is written, and at the end. */
  clear(): void {
    if (this.#isDrawn) this.#output.write('\r\u001b[K');
    this.#isDrawn = false;
  }
}

function words({ stage, done, total }: ProgressLine): string {
  return `${STAGES[stage] ?? stage}: ${grouped(done)} of ${grouped(total)}`;
}

/** One line that fits the terminal. */
function barText(progress: ProgressLine, columns: number): string {
  const { done, total } = progress;
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const text = `${words(progress)} (${Math.floor(share * 100)} %)`;
  const width = Math.min(WIDEST_BAR, columns - text.length - 4);
  if (width < 5) return text.slice(0, Math.max(0, columns - 1));
  const full = Math.round(share * width);
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${text}`;
}
