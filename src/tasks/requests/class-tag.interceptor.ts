import { type CallHandler, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { TagInterceptor } from './tag.interceptor.js';
import { TRACKED } from './tracked.options.js';

/**
 * The same for all handlers of a class. It steps aside where a handler has the decorator itself, by what the decorators
 * say and not by what it remembers of a request: whoever calls it again, as an interceptor that tries again does, is told
 * what became of the first time.
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
