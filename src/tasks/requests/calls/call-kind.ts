/** What a method handles, as Nest and its packages note it by their decorators. */
export type HandlerOf =
  | 'route'
  | 'mutation'
  | 'message'
  | 'event'
  /** Kinds that cannot be tracked. */
  | 'query'
  | 'subscription'
  | 'field'
  | 'WebSocket message'
  /** Nothing that is known here. */
  | 'nothing';

/** Their names for the metadata of a handler, and for its values. They are read, so that no package must be there. */
const ROUTE = 'path';
const PATTERN_HANDLER = 'microservices:handler_type';
const MESSAGE = 1;
const RESOLVER = 'graphql:resolver_type';
const FIELD = 'graphql:resolve_property';
const WEB_SOCKET = 'websockets:message_mapping';

/** What a method handles. */
export function handlerOf(handler: object): HandlerOf {
  if (Reflect.hasMetadata(PATTERN_HANDLER, handler))
    return Reflect.getMetadata(PATTERN_HANDLER, handler) === MESSAGE ? 'message' : 'event';
  if (Reflect.hasMetadata(WEB_SOCKET, handler)) return 'WebSocket message';
  switch (Reflect.getMetadata(RESOLVER, handler)) {
    case 'Mutation':
      return 'mutation';
    case 'Query':
      return 'query';
    case 'Subscription':
      return 'subscription';
  }
  if (Reflect.hasMetadata(FIELD, handler) || Reflect.hasMetadata(RESOLVER, handler)) return 'field';
  return Reflect.hasMetadata(ROUTE, handler) ? 'route' : 'nothing';
}
