import { buildSite } from '../build-site.ts';
import { holdSite } from '../publish/hold-site.ts';
import { type FollowedLock, type FollowState, rememberFollowed } from './follow-state.ts';
import type { PullRun } from './pull-run.ts';

/** Another thread is 15 MB, and would save seconds of a pull that took hours. */
const THREADS = 1;

/** What is remembered of the centre while a run goes on, and that what is changed is published, by the next run if need be. */
export class FollowedSite {
  readonly #state: FollowState;
  readonly #run: PullRun;

  constructor(state: FollowState, run: PullRun) {
    [this.#state, this.#run] = [state, run];
  }

  get locks(): readonly FollowedLock[] {
    return this.#state.locks;
  }

  /** Something was changed that no build has seen. */
  get isDue(): boolean {
    return this.#state.isDue === true;
  }

  lock(path: string): FollowedLock | undefined {
    return this.#state.locks.find((lock) => lock.path === path);
  }

  setLock(lock: FollowedLock): void {
    const others = this.#state.locks.filter(({ path }) => path !== lock.path);
    this.#state.locks = [...others, lock].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** @throws {KhoError} LOCKED, WRITE */
  async remember(): Promise<void> {
    const { config, doer } = this.#run;
    await holdSite(config, doer, () => rememberFollowed(config.root, this.#state));
  }

  /** To be called before packages/ is changed. @throws {KhoError} LOCKED, WRITE */
  async willChange(): Promise<void> {
    if (this.isDue) return;
    this.#state.isDue = true;
    await this.remember();
  }

  /** Written down with whatever is remembered next. @throws {KhoError} as `buildSite` */
  async publish(): Promise<void> {
    await buildSite(this.#run.config, { jobs: THREADS, ...this.#run.build });
    delete this.#state.isDue;
  }
}
