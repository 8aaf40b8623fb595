import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type OpenTelemetry, openTelemetry, TRACER } from './open-telemetry.js';

/** A request to another service. */
interface Call {
  method: string;
  /** Names and values by turns. */
  headers: string[];
}

/** Spans for requests to other services, which get to know the trace. */
@Injectable()
export class CallTracing implements OnModuleInit {
  private api: OpenTelemetry | null = null;

  async onModuleInit(): Promise<void> {
    this.api = await openTelemetry();
  }

  /** Makes a call; without a tracer, as it is. A `traceparent` of the client's is then in its headers already. */
  async trace<C extends Call, T extends { status: number }>(
    service: string,
    call: C,
    make: (call: C) => Promise<T>,
  ): Promise<T> {
    const { api } = this;
    if (api === null) return make(call);
    const attributes = { 'http.request.method': call.method, 'peer.service': service };
    const span = api.trace
      .getTracer(TRACER)
      .startSpan(`${call.method} ${service}`, { kind: api.SpanKind.CLIENT, attributes });
    const context = api.trace.setSpan(api.context.active(), span);
    const carrier: Record<string, string> = {};
    api.propagation.inject(context, carrier);
    try {
      const answer = await api.context.with(context, () =>
        make({ ...call, headers: withHeaders(call.headers, carrier) }),
      );
      span.setAttribute('http.response.status_code', answer.status);
      if (answer.status >= 400) span.setStatus({ code: api.SpanStatusCode.ERROR });
      return answer;
    } catch (error) {
      // The kind of an error, never its text, which may hold a value.
      span.setAttribute('error.type', error instanceof Error ? error.constructor.name : typeof error);
      span.setStatus({ code: api.SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }
}

/** The headers with others in place of those of the same names. */
function withHeaders(headers: string[], others: Record<string, string>): string[] {
  const names = new Set(Object.keys(others).map((name) => name.toLowerCase()));
  const kept = headers.flatMap((name, n) =>
    n % 2 === 1 || names.has(name.toLowerCase()) ? [] : [name, headers[n + 1] as string],
  );
  return [...kept, ...Object.entries(others).flat()];
}
