import type { ExecutionContext } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';

/** Nest's own name for a controller's `host`. */
const HOST = 'host';

/**
 * The name that a request was sent to, where Nest goes by it to find the handler: of sub-domains, each has tasks of its
 * own. Elsewhere an application has as many names as it likes, and a request is the same one under each.
 */
export function routedHost(adapter: AbstractHttpAdapter, context: ExecutionContext): string | undefined {
  if (!Reflect.getMetadata(HOST, context.getClass())) return undefined;
  const name = adapter.getRequestHostname(context.switchToHttp().getRequest<object>()) as string | undefined;
  return name?.toLowerCase();
}
