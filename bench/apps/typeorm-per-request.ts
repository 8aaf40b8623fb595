import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { Body, ConflictException, Controller, Headers, HttpCode, Module, Post } from '@nestjs/common';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { QueryFailedError, type Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { builtLibrary } from '../built.js';
import { dataSourceOptions } from './data-source.js';
import { listen } from './nest.js';
import { type NewOrder, takeOrder } from './order.js';
import { serve } from './serve.js';

/**
 * The same promise as one writes it with Nest and TypeORM: `insert` before the work and `update` after it, in the same
 * table. The fingerprint is that of the body as it is parsed.
 */
const { Task, TASKS_ENTITIES } = await builtLibrary();
type Task = InstanceType<typeof Task>;

@Controller('orders')
class OrdersController {
  constructor(@InjectRepository(Task) private readonly tasks: Repository<Task>) {}

  @Post()
  @HttpCode(202)
  async create(@Body() order: NewOrder, @Headers('task-tag') tag: string) {
    const uuid = uuidv7();
    const now = Date.now();
    try {
      await this.tasks.insert({
        uuid,
        projectId: 'bench',
        userId: 'bench',
        tag: tag as Task['tag'],
        duplicateKey: createHash('sha256')
          .update('bench')
          .update(tag)
          .update(JSON.stringify(order))
          .digest('binary'),
        task: 'create',
        state: 'pending',
        startTime: now,
        lastUpdated: now,
        nextLook: now + 5000,
      });
    } catch (error) {
      if (error instanceof QueryFailedError && /unique|duplicate/i.test(error.message))
        throw new ConflictException('That request is already accepted');
      throw error;
    }
    const answer = takeOrder(order);
    await this.tasks.update(
      { uuid },
      {
        state: 'success',
        resource: { order: answer.order.id },
        lastUpdated: Date.now(),
        nextLook: null,
      },
    );
    return answer;
  }
}

serve(({ databaseUrl }) => {
  @Module({
    imports: [
      TypeOrmModule.forRoot(dataSourceOptions(databaseUrl, TASKS_ENTITIES)),
      TypeOrmModule.forFeature([Task]),
    ],
    controllers: [OrdersController],
  })
  class AppModule {}

  return listen(AppModule);
});
