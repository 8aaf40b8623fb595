import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { ComputeService } from '../../src/compute/compute.service.js';
import { contextOfText, textOfContext } from '../../src/tasks/tracing/trace-context.js';
import { CallTracing } from '../../src/tracing/call-tracing.js';
import { ServerProcess } from '../support/server/server-process.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { newServer } from '../support/server/servers.js';
import { until } from '../support/until.js';

const exporter = new InMemorySpanExporter();

/** A client's place in a trace of its own. */
const CLIENTS = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
const TRACEPARENT = textOfContext(CLIENTS);

/** W3C's, as an SDK sets it up. */
const W3C: Parameters<typeof propagation.setGlobalPropagator>[0] = {
  fields: () => ['traceparent'],
  inject: (from, carrier, setter) => {
    const place = trace.getSpanContext(from);
    if (place !== undefined) setter.set(carrier, 'traceparent', textOfContext(place));
  },
  extract: (into, carrier, getter) => {
    const place = contextOfText(String(getter.get(carrier, 'traceparent')));
    return place === null ? into : trace.setSpanContext(into, { ...place, isRemote: true });
  },
};

describe('the traces of a server, with a tracer', () => {
  let test: TestApp;
  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(W3C);
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
    );
    // No task ends while these run: its end has a span, too.
    test = await startApp({ EMBEDDED_TASK_MS: '3600000' });
  });
  afterAll(async () => {
    await test.close();
    trace.disable();
    context.disable();
    propagation.disable();
  });
  beforeEach(() => exporter.reset());

  const create = (tag: string, headers: Record<string, string> = {}) =>
    test.client.post('/v3/servers', newServer(), { token: 'alice:traced', tag, headers });

  /** The spans of a request, once it has ended. */
  const spansOf = async () => {
    const spans = await until('the request to end', () => {
      const ended = exporter.getFinishedSpans();
      return ended.some(({ kind }) => kind === SpanKind.SERVER) && ended;
    });
    const only = (name: string) => {
      expect([name, spans.filter((span) => span.name === name).length]).toEqual([name, 1]);
      return spans.find((span) => span.name === name) as ReadableSpan;
    };
    return { request: only('POST /v3/servers'), record: only('tasktag.record'), only };
  };

  it('have a span for a request, in the trace of its client, and below it those of its task', async () => {
    expect((await create('first', { traceparent: TRACEPARENT })).status).toBe(202);
    const { request, record, only } = await spansOf();
    expect(request.spanContext().traceId).toBe(CLIENTS.traceId);
    expect(request.parentSpanContext?.spanId).toBe(CLIENTS.spanId);
    expect(request.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/v3/servers',
      'http.response.status_code': 202,
    });
    for (const span of [record, only('tasktag.settle')]) {
      expect(span.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    }
  });

  it('say of a request that failed here that it did, and not of one that was refused', async () => {
    jest.spyOn(test.app.get(ComputeService), 'submit').mockRejectedValueOnce(new Error('broken'));
    expect((await create('fails')).status).toBe(500);
    expect((await spansOf()).request.status.code).toBe(SpanStatusCode.ERROR);
    exporter.reset();
    await create('works');
    await spansOf();
    exporter.reset();
    expect((await create('works')).status).toBe(409);
    expect((await spansOf()).request.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('have a link from a duplicate to the first request, whether it is refused or answered', async () => {
    await create('twice');
    const first = (await spansOf()).record.spanContext();
    for (const [headers, status] of [
      [{}, 409],
      [{ 'Task-duplicates': 'answer' }, 202],
    ] as const) {
      exporter.reset();
      expect((await create('twice', headers)).status).toBe(status);
      const { request, record } = await spansOf();
      expect(request.spanContext().traceId).not.toBe(first.traceId);
      expect(record.links.map((link) => link.context.spanId)).toEqual([first.spanId]);
    }
  });

  it('leave out what operators ask, and hold no value of a request', async () => {
    await test.client.get('/healthz', { token: null });
    await test.client.get('/v3/servers/secret-tag/tasks', { token: 'alice:traced' });
    const ofRequests = () => exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.SERVER);
    const spans = await until('the look-up', () => ofRequests().length > 0 && ofRequests());
    expect(spans.map(({ name }) => name)).toEqual(['GET /v3/servers/:key/tasks']);
    expect(JSON.stringify(spans.map(({ attributes, events }) => [attributes, events]))).not.toContain(
      'secret',
    );
  });

  it('go on in a call to another service, which is told its own place', async () => {
    const calls = new CallTracing();
    await calls.onModuleInit();
    let sent: string[] = [];
    const call = { method: 'POST', headers: ['X-Auth-Token', 'x', 'TraceParent', TRACEPARENT] };
    const make = ({ headers }: typeof call) => {
      sent = headers;
      return Promise.resolve({ status: 202 });
    };
    await calls.trace('nova', call, make);
    await expect(calls.trace('nova', call, () => Promise.reject(new RangeError('secret')))).rejects.toThrow();
    const [span, failed] = exporter.getFinishedSpans();
    expect(span).toMatchObject({ name: 'POST nova', kind: SpanKind.CLIENT });
    expect(span?.attributes).toMatchObject({ 'http.response.status_code': 202, 'peer.service': 'nova' });
    const place = span?.spanContext();
    expect(place && sent).toEqual(['X-Auth-Token', 'x', 'traceparent', place && textOfContext(place)]);
    expect(failed?.attributes).toMatchObject({ 'error.type': 'RangeError' });
    expect(JSON.stringify([failed?.attributes, failed?.events, failed?.status])).not.toContain('secret');
  });
});

describe('the traces of a server, without a tracer', () => {
  it('change nothing of a call: a client’s own traceparent goes on as it is', async () => {
    const calls = new CallTracing();
    await calls.onModuleInit();
    const call = { method: 'POST', headers: ['traceparent', TRACEPARENT] };
    await calls.trace('nova', call, (made) => {
      expect(made).toBe(call);
      return Promise.resolve({ status: 202 });
    });
  });
});

describe('the log of a server', () => {
  /** What a server process writes, and the lines of the requests with some headers. */
  async function logOf(settings: Record<string, string>, ...requests: Record<string, string>[]) {
    const server = await ServerProcess.start({
      DATABASE_URL: 'sqlite::memory:',
      LOG_LEVEL: 'info',
      ...settings,
    });
    try {
      for (const headers of requests) await server.client.get('/v3/tasks', { headers });
      const lines = await until('the lines', () => {
        const found = server.output.split('\n').filter((text) => /^\{.*"url":"\/v3\/tasks".*\}$/.test(text));
        return found.length === requests.length && found;
      });
      return { output: server.output, traces: lines.map((text) => JSON.parse(text).trace_id as string) };
    } finally {
      await server.stop();
    }
  }

  it('names the trace of a request, if its client has told it', async () => {
    const { traces } = await logOf({}, { traceparent: TRACEPARENT }, {}, { traceparent: 'none' });
    expect(traces).toEqual([CLIENTS.traceId, undefined, undefined]);
  });

  it('names the trace that a tracer makes, which an operator has added by --import', async () => {
    const file = new URL('../support/server/tracer.mjs', `file://${import.meta.filename}`).href;
    const { output, traces } = await logOf({ NODE_OPTIONS: `--import ${file}` }, {});
    expect(traces).toEqual([expect.stringMatching(/^[\da-f]{32}$/)]);
    expect(output).toContain(`span ${traces[0]} GET /v3/tasks`);
  });
});
