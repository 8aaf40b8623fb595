import { Controller, HttpCode, Post } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { Tracked } from '../../src/index.js';
import { ApiTasks, ApiTaskTag } from '../../src/openapi/index.js';
import { type LibraryHost, singleTenant, startHost } from '../support/library/library-host.js';

@Controller('things')
class ThingsController {
  @Post()
  @ApiTaskTag()
  @Tracked({ task: () => 'make' })
  make() {
    return {};
  }

  @Post('strict')
  @HttpCode(202)
  @ApiTaskTag({
    header: 'Idempotency-Key',
    required: true,
    status: 202,
    duplicates: 'replay',
    tagReuse: 'refuse',
  })
  @Tracked({ task: () => 'make strictly', duplicates: 'replay' })
  strict() {
    return {};
  }
}

describe('the Swagger document of a host', () => {
  let host: LibraryHost;
  let document: OpenAPIObject;
  beforeAll(async () => {
    host = await startHost({
      platform: 'express',
      controllers: [ThingsController],
      options: { requester: singleTenant },
      controller: { path: 'tasks', decorators: [ApiTasks()] },
    });
    document = SwaggerModule.createDocument(host.app, new DocumentBuilder().build());
  });
  afterAll(() => host.close());

  const codesOf = (path: string, status: number) =>
    (document.paths[path]?.post?.responses[status] as any)?.content['application/json'].schema.properties.code
      .enum;

  it('tells of the header, its echo, and what is answered before the handler runs', () => {
    const operation = document.paths['/things']?.post;
    expect(operation?.parameters).toEqual([
      expect.objectContaining({ name: 'Task-tag', in: 'header', required: false }),
    ]);
    expect(Object.keys(operation?.responses ?? {})).toEqual(['201', '400', '409', '410', '415', '503']);
    expect(operation?.responses['201']).toMatchObject({ headers: { 'task-tag': {} } });
    expect(operation?.responses['503']).toMatchObject({ headers: { 'retry-after': {} } });
    expect(codesOf('/things', 409)).toEqual(['DUPLICATE_REQUEST']);
    expect(codesOf('/things', 400)).toEqual(['INVALID_TAG']);
  });

  it('says what the module and the handler were told: another header, no reuse, the same answer again', () => {
    const operation = document.paths['/things/strict']?.post;
    expect(operation?.parameters).toEqual([
      expect.objectContaining({ name: 'Idempotency-Key', required: true }),
    ]);
    expect(operation?.responses['202']).toMatchObject({
      headers: { 'idempotency-key': {}, 'task-replayed': {} },
    });
    expect(codesOf('/things/strict', 409)).toEqual(['DUPLICATE_REQUEST', 'TAG_IN_USE']);
    expect(codesOf('/things/strict', 400)).toEqual(['INVALID_TAG', 'MISSING_TAG']);
  });

  it('has one schema of a task, which is what a task looks like', async () => {
    const { properties } = document.components?.schemas?.['RecordedTask'] as any;
    await host.client.post('/things', {}, { token: null, tag: 'seen' });
    const { json } = await host.client.get('/tasks?tag=seen', { token: null });
    expect(Object.keys(properties)).toEqual(Object.keys(json.tasks[0]));
    const refused = await host.client.post('/things', {}, { token: null, tag: 'seen' });
    const { schema } = (document.paths['/things']?.post?.responses['409'] as any).content['application/json'];
    expect(Object.keys(schema.properties)).toEqual(Object.keys(refused.json));
    expect(schema.properties.task.allOf).toEqual([{ $ref: '#/components/schemas/RecordedTask' }]);
  });

  it('tells how to look for tasks', async () => {
    const list = document.paths['/tasks']?.get;
    const names = (list?.parameters as any[]).map(({ name }) => name).sort();
    expect(names).toEqual(['Prefer', 'limit', 'marker', 'state', 'subject', 'tag', 'task', 'wait']);
    // All of these, and no other.
    const query = 'limit=1&state=success&state=failure&subject=7&tag=seen&task=make&wait=0';
    expect((await host.client.get(`/tasks?${query}`, { token: null })).status).toBe(200);
    expect(list?.responses['200']).toMatchObject({
      content: {
        'application/json': {
          schema: { properties: { tasks: { items: { $ref: '#/components/schemas/RecordedTask' } } } },
        },
      },
    });
    const show = document.paths['/tasks/{uuid}']?.get;
    const asked = show?.parameters as { name: string; in: string; required?: boolean }[];
    expect(asked.map(({ name, in: place, required }) => [name, place, required])).toEqual([
      ['uuid', 'path', true],
      ['wait', 'query', false],
      ['Prefer', 'header', false],
    ]);
    expect(Object.keys(show?.responses ?? {})).toEqual(['200', '400', '404']);
  });

  it('refuses to describe another controller as the ready one', () => {
    expect(() => ApiTasks()(class Other {})).toThrow(TypeError);
  });
});
