import {
  Body,
  Controller,
  Get,
  HttpCode,
  Post,
  Req,
  Res,
  UnprocessableEntityException,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Booking, NewBooking, Partner, type ShopRequest } from '@shops/shared';
import type { Response } from 'express';
import { CurrentTask, type Task, TasksService, Tracked } from 'tasktag';
import { ApiTaskTag } from 'tasktag/openapi';
import type { DataSource } from 'typeorm';

@Controller('orders')
export class OrdersController {
  constructor(
    @InjectDataSource('orders') private readonly dataSource: DataSource,
    private readonly partner: Partner,
    private readonly tasks: TasksService,
  ) {}

  /** Another company does the work, and knows it by the task's uuid. */
  @Post()
  @ApiTaskTag()
  @Tracked<{ number: string }>({
    task: () => 'order',
    outcome: ({ number }) => ({ state: 'success', resource: { job: number } }),
  })
  create(@Body() order: NewBooking, @CurrentTask() { uuid }: Task) {
    return this.partner.carryOut(uuid, order);
  }

  /** The work is rows of our own: they and the end of the task are committed together. */
  @Post('reservations')
  @ApiTaskTag()
  @Tracked({ task: () => 'reserve', sameTransaction: true })
  reserve(@Body() order: NewBooking, @Req() { tenant }: ShopRequest, @CurrentTask() { uuid }: Task) {
    return this.dataSource.transaction(async (manager) => {
      const booking = await manager.save(Booking, { id: uuid, tenant, ...order });
      if (order.amount > 1000) throw new UnprocessableEntityException('There is not so much of it');
      await this.tasks.succeed(uuid, { resource: { booking: booking.id }, manager });
      return booking;
    });
  }

  @Get('reservations')
  reservations(@Req() { tenant }: ShopRequest): Promise<Booking[]> {
    return this.dataSource.getRepository(Booking).findBy({ tenant });
  }

  /** Who sends it again gets the same invoice. Its key is not kept; the path begins with the envelope's member. */
  @Post('invoices')
  @ApiTaskTag()
  @Tracked({ task: () => 'invoice', duplicates: 'replay', replay: { redact: ['data.key'] } })
  invoice(@Body() order: NewBooking, @CurrentTask() { uuid }: Task) {
    return { invoice: uuid, ...order, key: 'known to the first one only' };
  }

  /** The work goes on after the answer. */
  @Post('exports')
  @HttpCode(202)
  @ApiTaskTag({ status: 202 })
  @Tracked({ task: () => 'export' })
  export(@Body() order: NewBooking, @CurrentTask() { uuid }: Task) {
    void this.partner.carryOut(uuid, order).then(
      ({ number }) => this.tasks.succeed(uuid, { resource: { job: number } }),
      (error: Error) => this.tasks.fail(uuid, { code: 502, message: error.message }),
    );
    return { export: uuid };
  }

  /** Sends its answer itself, which is no JSON and has no envelope. */
  @Post('labels')
  @ApiTaskTag()
  @Tracked({ task: () => 'label' })
  label(@Body() { name }: NewBooking, @Res() response: Response): void {
    response.status(201).type('text/plain').send(`A label for ${name}`);
  }
}
