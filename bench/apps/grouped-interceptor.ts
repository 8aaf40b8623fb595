import 'reflect-metadata';
import {
  Body,
  type CallHandler,
  ConflictException,
  Controller,
  type ExecutionContext,
  HttpCode,
  Injectable,
  Module,
  type NestInterceptor,
  Post,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { OrdersInGroups } from './groups.js';
import { listen } from './nest.js';
import { type NewOrder, takeOrder, type TakenOrder } from './order.js';
import { serve } from './serve.js';

/** The limit in Nest: the same writer in an interceptor, as a library for Nest has to be. */
serve(({ databaseUrl }) => {
  const orders = new OrdersInGroups(databaseUrl);

  @Injectable()
  class GroupedInterceptor implements NestInterceptor<TakenOrder> {
    async intercept(context: ExecutionContext, next: CallHandler<TakenOrder>): Promise<Observable<unknown>> {
      const request = context.switchToHttp().getRequest<FastifyRequest<{ Body: NewOrder }>>();
      const tag = request.headers['task-tag'] as string;
      const key = await orders.begin(tag, request.body);
      if (key === null) throw new ConflictException('That request is already accepted');
      void context.switchToHttp().getResponse<FastifyReply>().header('task-tag', tag);
      return from(this.carryOut(key, next));
    }

    private async carryOut(key: Buffer, next: CallHandler<TakenOrder>): Promise<TakenOrder> {
      const answer = await lastValueFrom(next.handle());
      await orders.end(key, answer);
      return answer;
    }
  }

  @Controller('orders')
  class OrdersController {
    @Post()
    @HttpCode(202)
    @UseInterceptors(GroupedInterceptor)
    create(@Body() order: NewOrder) {
      return takeOrder(order);
    }
  }

  @Module({ controllers: [OrdersController] })
  class AppModule {}

  return listen(AppModule);
});
