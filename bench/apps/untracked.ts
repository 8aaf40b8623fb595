import 'reflect-metadata';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { listen } from './nest.js';
import { type NewOrder, takeOrder } from './order.js';
import { serve } from './serve.js';

/** The handler with nothing around it: what Nest and Fastify take by themselves. */
@Controller('orders')
class OrdersController {
  @Post()
  @HttpCode(202)
  create(@Body() order: NewOrder) {
    return takeOrder(order);
  }
}

@Module({ controllers: [OrdersController] })
class AppModule {}

serve(() => listen(AppModule));
