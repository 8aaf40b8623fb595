import { Injectable } from '@nestjs/common';
import type { Context, Span } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requestFact } from '../http/request-fact.js';
import { isOperatorRequest } from '../operator/operator-paths.js';
import { contextOfText } from '../tasks/tracing/trace-context.js';
import { type OpenTelemetry, openTelemetry, TRACER } from './open-telemetry.js';

/** Where a request is traced. */
interface Place {
  context: Context;
  traceId: string;
  /** Our own span; `null` when an instrumentation has made one. */
  span: Span | null;
}

const { set: setPlace, known: placeOf } = requestFact<Place>('RequestTracing');

/** A span for each request of the API, unless an instrumentation of Node's HTTP makes one already. */
@Injectable()
export class RequestTracing {
  /** Traces what a server answers from now on, if a tracer is set up. */
  async observe(fastify: FastifyInstance): Promise<void> {
    const api = await openTelemetry();
    if (api === null) return;
    fastify.addHook('onRequest', (request, _reply, done) => {
      if (isOperatorRequest(request)) return done();
      const place = begin(api, request);
      setPlace(request, place);
      api.context.with(place.context, done);
    });
    // What follows upon the reading of a body follows upon an event of the connection, which is in no trace.
    fastify.addHook('preValidation', (request, _reply, done) => {
      const place = placeOf(request);
      if (place === undefined) done();
      else api.context.with(place.context, done);
    });
    fastify.addHook('onResponse', (request, reply, done) => {
      const span = placeOf(request)?.span;
      const { statusCode } = reply.raw;
      span?.setAttribute('http.response.status_code', statusCode);
      if (statusCode >= 500) span?.setStatus({ code: api.SpanStatusCode.ERROR });
      span?.end();
      done();
    });
  }
}

function begin(api: OpenTelemetry, request: FastifyRequest): Place {
  const active = api.trace.getActiveSpan();
  if (active !== undefined) {
    return { context: api.context.active(), traceId: active.spanContext().traceId, span: null };
  }
  const { method, routeOptions, headers } = request;
  const route = routeOptions.url;
  const parent = api.propagation.extract(api.ROOT_CONTEXT, headers);
  const span = api.trace.getTracer(TRACER).startSpan(
    route === undefined ? method : `${method} ${route}`,
    {
      kind: api.SpanKind.SERVER,
      attributes: { 'http.request.method': method, ...(route !== undefined && { 'http.route': route }) },
    },
    parent,
  );
  return { context: api.trace.setSpan(parent, span), traceId: span.spanContext().traceId, span };
}

/** The trace of a request, for the log: this server's, or else the one that its client names. */
export function traceIdOf(request: FastifyRequest): string | undefined {
  const { traceparent } = request.headers;
  const named = typeof traceparent === 'string' ? contextOfText(traceparent)?.traceId : undefined;
  return placeOf(request)?.traceId ?? named;
}
