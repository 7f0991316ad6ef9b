/**
 * A text, without the names and passwords in the addresses that it holds: for messages, which end up in logs. Inside of a name or
 * password may stand an `@` that should have been written as `%40`.
 */
export function withoutCredentials(text: string): string {
  return text.replace(/:\/\/[^/?#\s]*@/g, '://');
}
