import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { tagFromText, TasksService } from '../../src/index.js';
import { type LibraryHost, startHost } from '../support/library/library-host.js';
import { namesInTrace, Spans } from '../support/library/spans.js';

declare const testDatabase: string;

const spansOfHost = new Spans();

describe('the spans of tasks', () => {
  let host: LibraryHost;
  beforeAll(async () => {
    spansOfHost.start();
    host = await startHost({
      platform: 'express',
      prepare: (app) => void app.use(spansOfHost.ofRequests),
    });
  });
  afterAll(async () => {
    await host.close();
    spansOfHost.stop();
  });
  beforeEach(() => spansOfHost.forget());

  const send = (tag: string, item: object = { item: 'ink' }) =>
    host.client.post('/orders', item, { tag, token: null, headers: { 'X-User': 'shop/ann' } });

  const named = (spans: ReadableSpan[], name: string) => spans.filter((span) => span.name === name);
  const only = (spans: ReadableSpan[], name: string) => {
    expect(named(spans, name)).toHaveLength(1);
    return named(spans, name)[0] as ReadableSpan;
  };

  it('of one request are in its trace: recorded, and settled', async () => {
    await send('traced');
    const spans = await spansOfHost.of('traced');
    const request = only(spans, 'request traced').spanContext();
    const [task] = (
      await host.app.get(TasksService).list({ projectId: 'shop', tag: tagFromText('traced') }, { limit: 1 })
    ).tasks;
    const record = only(spans, 'tasktag.record');
    expect(record.parentSpanContext?.spanId).toBe(request.spanId);
    expect(record.attributes).toEqual({ 'tasktag.task': 'order', 'tasktag.uuid': task?.uuid });
    const settle = only(spans, 'tasktag.settle');
    expect(settle.parentSpanContext?.spanId).toBe(request.spanId);
    expect(settle.attributes).toEqual({ 'tasktag.state': 'success', 'tasktag.uuid': task?.uuid });
  });

  it('of requests that are written together are in their own traces; the write is in none, and refers to all', async () => {
    const tags = Array.from({ length: 16 }, (_, n) => `together ${n}`);
    const statuses = await Promise.all(
      tags.map(
        async (tag, n) => (await send(tag, { item: 'ink', ...(n === 7 && { fail: 'broken' }) })).status,
      ),
    );
    expect(statuses.filter((status) => status !== 201)).toEqual([500]);
    const spans = await spansOfHost.of(...tags);
    const traces = new Set<string>();
    for (const tag of tags) {
      const { traceId } = only(spans, `request ${tag}`).spanContext();
      traces.add(traceId);
      expect(namesInTrace(spans, tag)).toEqual([`request ${tag}`, 'tasktag.record', 'tasktag.settle']);
    }
    expect(traces.size).toBe(16);
    const writes = named(spans, 'tasktag.write').filter(
      ({ attributes }) => attributes['tasktag.kind'] === 'task',
    );
    // SQLite writes at once, so that hardly any wait for each other.
    if (testDatabase !== 'sqlite') expect(writes.length).toBeLessThan(16);
    for (const write of writes) {
      expect(write.parentSpanContext).toBeUndefined();
      expect(traces).not.toContain(write.spanContext().traceId);
      expect(write.links).toHaveLength(Number(write.attributes['tasktag.size']));
    }
    const linked = writes.flatMap(({ links }) => links.map((link) => link.context.traceId));
    expect(linked.sort()).toEqual([...traces].sort());
  });

  it('of a refused duplicate refer to the trace of the first request', async () => {
    await send('first');
    const first = only(await spansOfHost.of('first'), 'tasktag.record').spanContext();
    spansOfHost.forget();
    expect((await send('first')).status).toBe(409);
    const refused = only(await spansOfHost.of('first'), 'tasktag.record');
    expect(refused.links.map((link) => [link.context.traceId, link.context.spanId])).toEqual([
      [first.traceId, first.spanId],
    ]);
    expect(refused.attributes).toMatchObject({ 'error.type': 'DUPLICATE_REQUEST' });
    // Nothing of the request is in it.
    expect(JSON.stringify([refused.events, refused.status])).not.toContain('ink');
  });
});
