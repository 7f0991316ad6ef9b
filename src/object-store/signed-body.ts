import type { BuildMiddleware, MiddlewareStack } from '@smithy/types';

/**
 * The request says which bytes it carries, and that is signed: who changes them on the way is found out, and nobody has to read them twice.
 *
 * @param sha256 of what the command sends, in hexadecimal
 */
export function withHash<Input extends object, Output extends object, T extends HashedCommand<Input, Output>>(
  command: T & HashedCommand<Input, Output>,
  sha256: string,
): T {
  const tell: BuildMiddleware<Input, Output> = (next) => (args) => {
    const { headers } = args.request as { headers: Record<string, string> };
    headers['x-amz-content-sha256'] = sha256;
    return next(args);
  };
  command.middlewareStack.add(tell, { step: 'build', name: 'khoTellsHash' });
  return command;
}

interface HashedCommand<Input extends object, Output extends object> {
  readonly middlewareStack: MiddlewareStack<Input, Output>;
}
