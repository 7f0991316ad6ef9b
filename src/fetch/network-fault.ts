/** What broke on the way, in words: some errors of Node have their words in a code, or in their cause. */
export function networkFault(error: unknown): string {
  const { message, code, cause } = error as NodeJS.ErrnoException;
  return message || code || (cause instanceof Error ? cause.message : 'the connection broke');
}
