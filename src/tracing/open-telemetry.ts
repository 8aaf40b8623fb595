import type * as Api from '@opentelemetry/api';

export type OpenTelemetry = typeof Api;

/** The name of our tracer. */
export const TRACER = 'tasktag';

/** OpenTelemetry's API, if it is installed and a tracer is set up; else `null`, and nothing of it costs anything. */
export async function openTelemetry(): Promise<OpenTelemetry | null> {
  const api = await import('@opentelemetry/api').catch(() => null);
  return api !== null && hasTracer(api) ? api : null;
}

/** The API hands out a proxy of its own, which has no delegate until somebody sets up a provider. */
function hasTracer({ trace }: OpenTelemetry): boolean {
  const provider = trace.getTracerProvider() as Partial<Api.ProxyTracerProvider>;
  return provider.getDelegateTracer === undefined || provider.getDelegateTracer(TRACER) !== undefined;
}
