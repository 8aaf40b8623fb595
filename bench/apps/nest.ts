import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

/** What a candidate has beside its module. */
export interface ListenOptions {
  /** Whether the body is kept as it came, beside what it was parsed to. */
  rawBody?: boolean;
  prepare?: (app: NestFastifyApplication) => void;
}

/** Nest on Fastify, without a log; the same for all candidates on Nest. */
export async function listen(
  module: object,
  { rawBody = false, prepare }: ListenOptions = {},
): Promise<string> {
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
    logger: false,
    rawBody,
    abortOnError: false,
  });
  prepare?.(app);
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}
