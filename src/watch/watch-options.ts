import type { BuildOutcome } from './run-build.ts';
import type { WatchEvent } from './watch-event.ts';

export interface WatchOptions {
  /** Look through the folders so often, and do not ask the kernel for events. In seconds. */
  pollSeconds?: number;
  onEvent(event: WatchEvent): void;
  /** Called after each build that came to its end. */
  onBuilt?(outcome: BuildOutcome): void;
  /** Called when projects that somebody waited for were published by themselves. */
  onPublished?(): void;
}
