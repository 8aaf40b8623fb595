import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type AbstractHttpAdapter, HttpAdapterHost } from '@nestjs/core';

/** Keeps an answer from every cache: it is about this moment, and one tenant's alone. */
export function noStore(adapter: AbstractHttpAdapter, response: object): void {
  // A stream of events may have begun already.
  if (!adapter.isHeadersSent(response)) adapter.setHeader(response, 'Cache-Control', 'no-store');
}

/** The same for all answers of a controller. A guard stands before the host's own, whose refusals it reaches as well. */
@Injectable()
export class NoStoreGuard implements CanActivate {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  canActivate(context: ExecutionContext): boolean {
    noStore(this.adapterHost.httpAdapter, context.switchToHttp().getResponse<object>());
    return true;
  }
}
