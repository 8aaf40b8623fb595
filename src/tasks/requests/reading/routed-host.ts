import type { ExecutionContext } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { requestOf } from '../../../http/http-context.js';

/** Nest's own name for a controller's `host`. */
const HOST = 'host';

/**
 * The host name that a request was sent to, if Nest uses it to find the handler: then each sub-domain has tasks of its
 * own. Otherwise an application may have any number of names, and a request is the same under each.
 */
export function routedHost(adapter: AbstractHttpAdapter, context: ExecutionContext): string | undefined {
  if (!Reflect.getMetadata(HOST, context.getClass())) return undefined;
  const name = adapter.getRequestHostname(requestOf(context)) as string | undefined;
  return name?.toLowerCase();
}
