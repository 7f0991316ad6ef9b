/** Thrown when a description would cost more than limits.ts allows: it is shown as plain text then. */
export class TooMuch extends Error {}
