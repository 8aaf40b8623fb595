import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type AbstractHttpAdapter, HttpAdapterHost } from '@nestjs/core';
import { responseOf } from '../../http/http-context.js';

/** Keeps an answer out of every cache: it is valid at this moment only, and for one tenant. */
export function noStore(adapter: AbstractHttpAdapter, response: object): void {
  // A stream of events may have begun already.
  if (!adapter.isHeadersSent(response)) adapter.setHeader(response, 'Cache-Control', 'no-store');
}

/**
 * The same for all answers of a controller. It is a guard, and runs before the host's own, so that it covers their
 * refusals too.
 */
@Injectable()
export class NoStoreGuard implements CanActivate {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  canActivate(context: ExecutionContext): boolean {
    noStore(this.adapterHost.httpAdapter, responseOf(context));
    return true;
  }
}
