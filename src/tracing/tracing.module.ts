import { Global, Module } from '@nestjs/common';
import { CallTracing } from './call-tracing.js';
import { RequestTracing } from './request-tracing.js';

/** Spans of the server's own requests, and of those to Nova, where a tracer of OpenTelemetry is set up. */
@Global()
@Module({ providers: [RequestTracing, CallTracing], exports: [CallTracing] })
export class TracingModule {}
