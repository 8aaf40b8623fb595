import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Observable, tap } from 'rxjs';
import { type HttpAnswer, sendAnswer } from '../compute/http-answer.js';
import { responseOf } from '../http/http-context.js';

/** Sends the compute service's answer unchanged. It sits outside the recording, which has finished by then. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<HttpAnswer>): Observable<HttpAnswer> {
    const reply = responseOf<FastifyReply>(context);
    return next.handle().pipe(tap((answer) => sendAnswer(reply, answer)));
  }
}
