import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { stopOnSignal } from '@shops/shared';
import { OrdersModule } from './orders.module.js';

async function start(): Promise<void> {
  const rawBody = process.env['RAW_BODY'] !== 'off';
  const app = await NestFactory.create<NestExpressApplication>(OrdersModule, { rawBody });
  stopOnSignal(app);
  SwaggerModule.setup('docs', app, () =>
    SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('Orders').build()),
  );
  await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1');
  console.log(`listening on ${await app.getUrl()}`);
}

void start();
