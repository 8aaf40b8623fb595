import 'reflect-metadata';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { requirePeer } from '../peers.js';
import { listen } from './nest.js';
import { type NewOrder, takeOrder } from './order.js';
import { serve } from './serve.js';

/** How long Redis keeps a request, in milliseconds: longer than a window, and gone soon after. */
const KEPT_MS = 15_000;

/** The part of @node-idempotency/nestjs that is used; it is not there when types are checked. */
interface NodeIdempotency {
  NodeIdempotencyModule: { forRootAsync(options: object): DynamicModule };
  Idempotent: () => MethodDecorator;
}

const { NodeIdempotencyModule, Idempotent } = requirePeer('@node-idempotency/nestjs') as NodeIdempotency;

/**
 * A peer: keys and answers in Redis, or in the process's memory. It replays the first answer where Tasktag refuses,
 * knows no tenants, and what it keeps is as durable as Redis is, or as the process.
 */
@Controller('orders')
class OrdersController {
  @Post()
  @HttpCode(202)
  @Idempotent()
  create(@Body() order: NewOrder) {
    return takeOrder(order);
  }
}

serve(({ databaseUrl }) => {
  @Module({
    imports: [
      NodeIdempotencyModule.forRootAsync({
        storage:
          databaseUrl === '' ? { adapter: 'memory' } : { adapter: 'redis', options: { url: databaseUrl } },
        cacheTTLMS: KEPT_MS,
      }),
    ],
    controllers: [OrdersController],
  })
  class AppModule {}

  return listen(AppModule);
});
