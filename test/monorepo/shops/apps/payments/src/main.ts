import 'reflect-metadata';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { EnvelopeInterceptor, ErrorFilter, stopOnSignal, validation } from '@shops/shared';
import { PaymentsModule } from './payments.module.js';

const rawBody = process.env['RAW_BODY'] === 'on';
const app = await NestFactory.create<NestFastifyApplication>(PaymentsModule, new FastifyAdapter(), {
  rawBody,
});
app.useGlobalInterceptors(new EnvelopeInterceptor());
app.useGlobalPipes(validation());
app.useGlobalFilters(new ErrorFilter(app.get(HttpAdapterHost)));
stopOnSignal(app);
await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1');
console.log(`listening on ${await app.getUrl()}`);
