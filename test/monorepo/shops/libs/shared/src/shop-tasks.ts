import { Injectable, Module } from '@nestjs/common';
import type { Outcome, Task, TasksOptionsFactory, TasksOptionsInput } from 'tasktag';
import { Partner, PartnerModule } from './partner.js';
import type { ShopRequest } from './tenant.guard.js';

/** What all applications of the house tell about their requests. */
@Injectable()
export class ShopTasks implements TasksOptionsFactory<ShopRequest> {
  constructor(private readonly partner: Partner) {}

  createTasksOptions(): TasksOptionsInput<ShopRequest> {
    return {
      requester: ({ tenant, user }) => ({ projectId: tenant, userId: user }),
      settle: (task, signal) => this.settle(task, signal),
      pendingMs: 1000,
    };
  }

  protected async settle({ uuid }: Task, signal: AbortSignal): Promise<Outcome | null> {
    const job = await this.partner.find(uuid, signal);
    if (job === null) return null;
    if (job === 'never') {
      return {
        state: 'rejected',
        fault: { code: 503, message: 'The partner has not taken it. Send it again.' },
      };
    }
    return { state: 'success', resource: { job: job.number } };
  }
}

@Module({ imports: [PartnerModule], providers: [ShopTasks], exports: [ShopTasks] })
export class ShopTasksModule {}
