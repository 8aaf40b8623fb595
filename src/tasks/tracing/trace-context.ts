/** A place in a trace. */
export interface TraceContext {
  traceId: string;
  spanId: string;
  traceFlags: number;
}

/** Version, trace, span and flags. */
const TEXT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** A place in a trace, as the header `traceparent` has it (W3C Trace Context, level 1): 55 characters. */
export function textOfContext({ traceId, spanId, traceFlags }: TraceContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** @returns `null` for a text that is none */
export function contextOfText(text: string | null): TraceContext | null {
  const [, traceId, spanId, flags] = TEXT.exec(text ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}
