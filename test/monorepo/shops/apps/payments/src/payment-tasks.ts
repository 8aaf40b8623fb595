import { Injectable } from '@nestjs/common';
import { ShopTasks, type ShopRequest } from '@shops/shared';
import type { TasksOptionsInput } from 'tasktag';

/** Our clients know the header of other payment services. */
@Injectable()
export class PaymentTasks extends ShopTasks {
  override createTasksOptions(): TasksOptionsInput<ShopRequest> {
    return { ...super.createTasksOptions(), tagHeader: 'Idempotency-Key' };
  }
}
