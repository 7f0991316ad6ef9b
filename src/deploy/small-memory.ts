/** How Node and the C library keep to little memory, above all on sites that follow another: those are boards. Pure. */

/** What is young is collected early: 30 MB less of `kho serve`, and a whole build takes a tenth more of the processor, if that. */
export const SMALL_YOUNG = '--max-semi-space-size=2';

/** Of a process that is over soon: of what is old no more is kept than is needed, and what reads HTTP is compiled once, and not again to be quicker (25 MB). */
export const SMALL_RUN = ['--max-semi-space-size=1', '--max-old-space-size=96', '--liftoff-only'];

/** Lines of [Service]. Without the second word, what was read and let go stays with the process: 3 MB of `kho pull`, 10 of `kho serve`. */
export const SMALL_HEAP = `# Of the C library: one heap does, and what was big goes back when it is free.
Environment=MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=65536
`;

/** As `SMALL_HEAP`, on all other machines. */
export const SHARED_HEAP = `# Of the C library: a heap for each thread holds on to what others could use.
Environment=MALLOC_ARENA_MAX=2
`;
