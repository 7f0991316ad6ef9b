import { hostname } from 'node:os';
import { bornAt } from '../io/process-is-alive.ts';
import { removeServiceNote, type ServiceNote, writeServiceNote } from '../publish/service-note.ts';
import type { PushState } from './bucket-pushes.ts';
import type { WatchOptions } from './watch-options.ts';

/** Keeps the note of what a service does: who looks at the site sees whether it runs, and what it is stuck at. */
export class ServiceKeeper {
  readonly #root: string;
  #note: ServiceNote;

  constructor(root: string, command: ServiceNote['command']) {
    this.#root = root;
    const now = new Date().toISOString();
    this.#note = { command, pid: process.pid, host: hostname(), born: bornAt(process.pid), since: now, seen: now };
  }

  begin(): void {
    this.#write(this.#note);
  }

  /** The same events and builds, noted. */
  noting(options: WatchOptions): WatchOptions {
    return {
      ...options,
      onEvent: (event) => {
        if (event.event === 'error') this.#failed(event.message, event.hint);
        if (event.event === 'stalled' || event.event === 'goes on') this.#stalled(event.event === 'stalled');
        options.onEvent(event);
      },
      onBuilt: (outcome) => {
        this.#built();
        options.onBuilt?.(outcome);
      },
    };
  }

  /** It answers there. */
  servesAt(url: string): void {
    this.#write({ ...this.#note, url });
  }

  /** These do not answer. */
  failing(upstreams: NonNullable<ServiceNote['failing']>): void {
    const { failing: _, ...note } = this.#note;
    this.#write(upstreams.length > 0 ? { ...note, failing: upstreams } : note);
  }

  /** How what it publishes comes to its bucket; undefined where it has none. */
  pushing(state: PushState | undefined): void {
    const { bucket: _, ...note } = this.#note;
    this.#write(state === undefined ? note : { ...note, bucket: noteOf(state) });
  }

  #built(): void {
    const { fault: _, stalled: __, ...note } = this.#note;
    this.#write({ ...note, built: new Date().toISOString() });
  }

  #failed(message: string, hint: string | undefined): void {
    const since = this.#note.fault?.since ?? new Date().toISOString();
    this.#write({ ...this.#note, fault: { message, ...(hint !== undefined && { hint }), since } });
  }

  #stalled(isStalled: boolean): void {
    const { stalled: _, ...note } = this.#note;
    this.#write(isStalled ? { ...note, stalled: new Date().toISOString() } : note);
  }

  /** It ends as it was asked to. */
  end(): void {
    removeServiceNote(this.#root, this.#note);
  }

  #write(note: ServiceNote): void {
    this.#note = { ...note, seen: new Date().toISOString() };
    writeServiceNote(this.#root, this.#note);
  }
}

function noteOf({ bucket, pushedMs, failing }: PushState): NonNullable<ServiceNote['bucket']> {
  const at = (ms: number) => new Date(ms).toISOString();
  const { sinceMs = 0, ...fault } = failing ?? { message: '' };
  return {
    name: bucket,
    ...(pushedMs !== undefined && { pushed: at(pushedMs) }),
    ...(failing && { fault: { ...fault, since: at(sinceMs) } }),
  };
}
