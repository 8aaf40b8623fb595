import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';

/** All answers of the house have the form `{ "data": … }`. */
@Injectable()
export class EnvelopeInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler<unknown>): Observable<{ data: unknown }> {
    return next.handle().pipe(map((data) => ({ data })));
  }
}
