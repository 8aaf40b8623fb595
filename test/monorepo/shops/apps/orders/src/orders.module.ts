import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  dataSourceOptions,
  EnvelopeInterceptor,
  ErrorFilter,
  PartnerModule,
  ShopTasks,
  ShopTasksModule,
  TenantGuard,
  validation,
} from '@shops/shared';
import { TasksModule } from 'tasktag';
import { OrdersController } from './orders.controller.js';

@Module({
  imports: [
    TypeOrmModule.forRoot({ ...dataSourceOptions(), name: 'orders' }),
    TasksModule.forRootAsync({
      imports: [ShopTasksModule],
      useExisting: ShopTasks,
      dataSource: 'orders',
      controller: { path: 'tasks' },
    }),
    PartnerModule,
  ],
  controllers: [OrdersController],
  providers: [
    { provide: APP_GUARD, useClass: TenantGuard },
    { provide: APP_INTERCEPTOR, useClass: EnvelopeInterceptor },
    { provide: APP_PIPE, useFactory: validation },
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
})
export class OrdersModule {}
