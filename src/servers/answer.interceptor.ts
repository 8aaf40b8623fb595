import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { ComputeAnswer } from '../compute/compute.service.js';

/** Writes the compute service's answer out as it is. It stands outside the recording, which reads the outcome. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<ComputeAnswer>): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map(({ status, headers, body }) => {
        void reply.status(status).headers(headers);
        return body;
      }),
    );
  }
}
