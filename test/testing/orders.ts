import { Body, Controller, HttpCode, Injectable, Post } from '@nestjs/common';
import { CurrentTask, type Task, TasksService, Tracked } from '../../src/index.js';

@Injectable()
export class Shop {
  readonly ordered: string[] = [];

  order(item: string): string {
    return `${item}-${this.ordered.push(item)}`;
  }
}

/** A controller as a host has it before it has heard of tags; two of its handlers are tracked by now. */
@Controller('orders')
export class OrdersController {
  constructor(private readonly shop: Shop) {}

  @Post()
  @Tracked<{ id: string }>({
    task: () => 'order',
    outcome: ({ id }) => ({ state: 'success', resource: { order: id } }),
  })
  create(@Body() { item }: { item: string }) {
    return { id: this.shop.order(item) };
  }

  @Post('replayed')
  @Tracked({ task: () => 'order', duplicates: 'replay' })
  replayed(@Body() { item }: { item: string }) {
    return { id: this.shop.order(item) };
  }
}

@Controller('films')
export class FilmsController {
  constructor(private readonly tasks: TasksService) {}

  @Post()
  @HttpCode(202)
  @Tracked({ task: () => 'render' })
  async create(@CurrentTask() task: Task) {
    if (task.tag === 'broken') await this.tasks.fail(task.uuid, { code: 500, message: 'The film tore.' });
    return { task: task.uuid };
  }
}
