import {
  Body,
  Controller,
  Get,
  HttpCode,
  Post,
  Req,
  Res,
  UnprocessableEntityException,
  UseGuards,
} from '@nestjs/common';
import { Booking, NewBooking, Partner, type ShopRequest, TenantGuard } from '@shops/shared';
import type { FastifyReply } from 'fastify';
import { CurrentTask, type Task, TasksService, Tracked } from 'tasktag';
import { DataSource } from 'typeorm';

@Controller('payments')
@UseGuards(TenantGuard)
export class PaymentsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly partner: Partner,
    private readonly tasks: TasksService,
  ) {}

  /** The bank does the work, and knows it by the task's uuid. */
  @Post()
  @Tracked<{ number: string }>({
    task: () => 'pay',
    outcome: ({ number }) => ({ state: 'success', resource: { job: number } }),
  })
  create(@Body() payment: NewBooking, @CurrentTask() { uuid }: Task) {
    return this.partner.carryOut(uuid, payment);
  }

  /** The work is rows of our own: they and the end of the task are committed together. */
  @Post('transfers')
  @Tracked({ task: () => 'transfer', sameTransaction: true })
  transfer(@Body() payment: NewBooking, @Req() { tenant }: ShopRequest, @CurrentTask() { uuid }: Task) {
    return this.dataSource.transaction(async (manager) => {
      const booking = await manager.save(Booking, { id: uuid, tenant, ...payment });
      if (payment.amount > 1000) throw new UnprocessableEntityException('The account has not so much');
      await this.tasks.succeed(uuid, { resource: { booking: booking.id }, manager });
      return booking;
    });
  }

  @Get('transfers')
  transfers(@Req() { tenant }: ShopRequest): Promise<Booking[]> {
    return this.dataSource.getRepository(Booking).findBy({ tenant });
  }

  /** Who sends it again gets the same card. Its key is not kept; the path begins with the envelope's member. */
  @Post('cards')
  @Tracked({ task: () => 'issue card', duplicates: 'replay', replay: { redact: ['data.key'] } })
  card(@Body() payment: NewBooking, @CurrentTask() { uuid }: Task) {
    return { card: uuid, ...payment, key: 'known to the first one only' };
  }

  /** The work goes on after the answer. */
  @Post('payouts')
  @HttpCode(202)
  @Tracked({ task: () => 'pay out' })
  payOut(@Body() payment: NewBooking, @CurrentTask() { uuid }: Task) {
    void this.partner.carryOut(uuid, payment).then(
      ({ number }) => this.tasks.succeed(uuid, { resource: { job: number } }),
      (error: Error) => this.tasks.fail(uuid, { code: 502, message: error.message }),
    );
    return { payout: uuid };
  }

  /** Sends its answer itself, which is no JSON and has no envelope. */
  @Post('receipts')
  @Tracked({ task: () => 'receipt' })
  receipt(@Body() { name }: NewBooking, @Res() reply: FastifyReply): void {
    void reply.code(201).type('text/plain').send(`A receipt for ${name}`);
  }
}
