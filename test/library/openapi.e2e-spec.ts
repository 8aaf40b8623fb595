import { applyDecorators, Controller, HttpCode, Post, Put } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiProperty,
  DocumentBuilder,
  type OpenAPIObject,
  SwaggerModule,
} from '@nestjs/swagger';
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

class ThingView {
  @ApiProperty()
  id!: string;
}

class HostError {
  @ApiProperty()
  reason!: string;
}

/** What a host says of a handler: its answer, what it refuses, and what is in a header. */
const own = [
  ApiCreatedResponse({
    type: [ThingView],
    description: 'Made.',
    headers: { location: { schema: { type: 'string' } } },
  }),
  ApiConflictResponse({ type: HostError, description: 'Sold out.' }),
  ApiBadRequestResponse({ schema: { type: 'string' } }),
];

@Controller('described')
class DescribedController {
  @Post('below')
  @ApiTaskTag()
  @applyDecorators(...own)
  below() {
    return [];
  }

  @Post('above')
  @applyDecorators(...own)
  @ApiTaskTag()
  above() {
    return [];
  }

  @Post('around')
  @ApiConflictResponse({ type: HostError, description: 'Sold out.' })
  @ApiTaskTag()
  @applyDecorators(own[0] as MethodDecorator, own[2] as MethodDecorator)
  around() {
    return [];
  }

  @Put()
  @ApiTaskTag()
  put() {
    return {};
  }

  @HttpCode(202)
  @ApiTaskTag()
  @Post('later')
  later() {
    return {};
  }
}

describe('the Swagger document of a host', () => {
  let host: LibraryHost;
  let document: OpenAPIObject;
  beforeAll(async () => {
    host = await startHost({
      platform: 'express',
      controllers: [ThingsController, DescribedController],
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

  it.each(['below', 'above', 'around'])(
    'adds to what the host says of its answers, if that stands %s',
    (place) => {
      const { responses } = document.paths[`/described/${place}`]?.post as any;
      expect(responses['201']).toEqual({
        description: 'Made.',
        headers: { location: expect.anything(), 'task-tag': expect.anything() },
        content: {
          'application/json': {
            schema: { type: 'array', items: { $ref: '#/components/schemas/ThingView' } },
          },
        },
      });
      expect(responses['409'].description).toMatch(/^Sold out\.\n\nThat request is already accepted/);
      expect(responses['409'].headers).toHaveProperty('task-tag');
      const either = responses['409'].content['application/json'].schema.oneOf;
      expect(either).toEqual([
        { $ref: '#/components/schemas/HostError' },
        expect.objectContaining({ required: ['statusCode', 'code', 'message', 'task'] }),
      ]);
      expect(responses['400'].content['application/json'].schema.oneOf).toHaveLength(2);
      expect(document.components?.schemas).toMatchObject({ HostError: {}, ThingView: {} });
    },
  );

  it('finds the status of an answer out by itself', () => {
    const statuses = (operation: any) => Object.keys(operation.responses).filter((status) => status < '300');
    expect(statuses(document.paths['/described']?.put)).toEqual(['200']);
    expect(statuses(document.paths['/described/later']?.post)).toEqual(['202']);
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
    expect(names).toEqual([
      ...[
        'Prefer',
        'counts',
        'limit',
        'marker',
        'q',
        'since',
        'state',
        'subject',
        'tag',
        'task',
        'until',
        'wait',
      ],
    ]);
    // All of these, and no other.
    for (const query of [
      'limit=1&state=success&state=failure&subject=7&tag=seen&task=make&wait=0',
      'q=a&since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z&counts=true',
    ])
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
