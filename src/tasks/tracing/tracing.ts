import { Injectable, type OnModuleInit } from '@nestjs/common';
import type * as Api from '@opentelemetry/api';
import { contextOfText, textOfContext, type TraceContext } from './trace-context.js';

/** The name of our tracer, and the start of the names of its spans. */
const NAME = 'tasktag';

/** The span of a piece of work, in a trace that is recorded. */
export interface WorkSpan {
  /** Its place in its trace, as text. */
  readonly context: string;
  /** Refers to another span, such as one of the first request; a text that is none does nothing. */
  link(context: string | null): void;
  set(name: string, value: string): void;
}

/** The attributes of a span. No value of a request may be among them. */
type Attributes = Record<string, string | number>;

/**
 * Spans of our own, where the application has `@opentelemetry/api`, and has set up a tracer. Otherwise it does nothing, and
 * costs next to nothing.
 */
@Injectable()
export class Tracing implements OnModuleInit {
  private api: typeof Api | null = null;

  async onModuleInit(): Promise<void> {
    this.api = await import('@opentelemetry/api').catch(() => null);
  }

  /** Does some work in a span, which is a child of the active one. */
  span<T>(name: string, attributes: Attributes, work: (span: WorkSpan | null) => Promise<T>): Promise<T> {
    const span = this.start(name, { attributes });
    return span === null ? work(null) : this.within(span, () => work(workSpan(span)));
  }

  /** The active span; `null` outside any trace that is recorded. */
  origin(): TraceContext | null {
    const span = this.api?.trace.getActiveSpan();
    return span?.isRecording() === true ? span.spanContext() : null;
  }

  /** Does some work for several traces: in a span that belongs to none of them, and refers to each. */
  shared<T>(
    name: string,
    attributes: Attributes,
    origins: readonly TraceContext[],
    work: () => Promise<T>,
  ): Promise<T> {
    if (origins.length === 0) return work();
    const links = origins.map((context) => ({ context }));
    const span = this.start(name, { attributes, links, root: true });
    return span === null ? work() : this.within(span, work);
  }

  /** `null` when nobody records it. */
  private start(name: string, options: Api.SpanOptions): Api.Span | null {
    const span = this.api?.trace.getTracer(NAME).startSpan(`${NAME}.${name}`, options);
    return span?.isRecording() === true ? span : null;
  }

  private async within<T>(span: Api.Span, work: () => Promise<T>): Promise<T> {
    const api = this.api as NonNullable<typeof this.api>;
    try {
      return await api.context.with(api.trace.setSpan(api.context.active(), span), work);
    } catch (error) {
      // The kind of an error, never its text, which may hold a value.
      span.setAttribute('error.type', nameOf(error));
      span.setStatus({ code: api.SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }
}

function workSpan(span: Api.Span): WorkSpan {
  return {
    context: textOfContext(span.spanContext()),
    link: (text) => {
      const context = contextOfText(text);
      if (context !== null) span.addLink({ context });
    },
    set: (name, value) => void span.setAttribute(name, value),
  };
}

function nameOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.constructor.name : typeof error;
}
