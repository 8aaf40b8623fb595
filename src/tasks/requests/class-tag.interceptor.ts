import { type CallHandler, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { TagInterceptor } from './tag.interceptor.js';
import { TRACKED } from './tracked.options.js';

/**
 * The same for all handlers of a class. It steps aside where a handler has the decorator itself. It reads the
 * decorators, not a note on the request: an interceptor that calls it again for a second try gets the outcome of the
 * first.
 */
@Injectable()
export class ClassTagInterceptor extends TagInterceptor {
  override async intercept(
    context: ExecutionContext,
    next: CallHandler<unknown>,
  ): Promise<Observable<unknown>> {
    const isOnHandler = this.reflector.get<unknown>(TRACKED, context.getHandler()) !== undefined;
    return isOnHandler ? next.handle() : super.intercept(context, next);
  }
}
