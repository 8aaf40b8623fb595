import { Module, UseGuards } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { dataSourceOptions, PartnerModule, TenantGuard } from '@shops/shared';
import { TasksModule } from 'tasktag';
import { PaymentTasks } from './payment-tasks.js';
import { PaymentsController } from './payments.controller.js';

@Module({
  imports: [
    TypeOrmModule.forRoot(dataSourceOptions()),
    TasksModule.forRootAsync({
      imports: [PartnerModule],
      useClass: PaymentTasks,
      controller: { path: 'tasks', decorators: [UseGuards(TenantGuard)] },
    }),
    PartnerModule,
  ],
  controllers: [PaymentsController],
})
export class PaymentsModule {}
