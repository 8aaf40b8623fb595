import type { ExecutionContext } from '@nestjs/common';

/** How a handler answers, as Nest itself reads it from the decorators. */
export type HandlerKind =
  /** It returns the answer, and Nest sends it. */
  | 'returns'
  /** It takes `@Res()` or `@Next()` without `passthrough`, and sends the answer itself. */
  | 'sends'
  /** `@Sse()`: it returns events. */
  | 'events';

/** Nest's own names; they have been the same since version 7. */
const SSE = '__sse__';
const ARGUMENTS = '__routeArguments__';
const PASSTHROUGH = '__responsePassthrough__';

/** Nest's names for the parameters of `@Res()` and `@Next()`. */
const BY_HAND = /^[12]:/;

const known = new WeakMap<object, HandlerKind>();

/** How the handler of a request answers. */
export function handlerKind(context: ExecutionContext): HandlerKind {
  const handler = context.getHandler();
  let kind = known.get(handler);
  if (kind === undefined) known.set(handler, (kind = readKind(context)));
  return kind;
}

function readKind(context: ExecutionContext): HandlerKind {
  const [handler, controller] = [context.getHandler(), context.getClass()];
  if (Reflect.getMetadata(SSE, handler) !== undefined) return 'events';
  const name = nameOf(handler, controller);
  const parameters = (Reflect.getMetadata(ARGUMENTS, controller, name) ?? {}) as object;
  if (!Object.keys(parameters).some((name) => BY_HAND.test(name))) return 'returns';
  return Reflect.getMetadata(PASSTHROUGH, controller, name) === true ? 'returns' : 'sends';
}

/**
 * The name of a method. Its function may have another name if a decorator, such as one for tracing, has replaced it.
 */
function nameOf(handler: object, { prototype }: { prototype: object }): string {
  let owner: object | null = prototype;
  while (owner !== null) {
    const methods = Object.entries(Object.getOwnPropertyDescriptors(owner));
    const method = methods.find(([, { value }]) => value === handler);
    if (method !== undefined) return method[0];
    owner = Object.getPrototypeOf(owner) as object | null;
  }
  return (handler as { name: string }).name;
}
