import {
  Body,
  CanActivate,
  ConflictException,
  Controller,
  type INestApplication,
  Injectable,
  Module,
  Post,
  Res,
  SerializeOptions,
  StandardSchemaSerializerInterceptor,
  StandardSchemaValidationPipe,
  UseGuards,
} from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { singleTenant, type Task, TasksModule, TasksService, Tracked } from '../../src/index.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { hostDataSource } from '../support/library/library-host.js';
import { Client } from '../support/network/http.js';

/** A schema as any library for schemas makes it. */
function schema<Output>(read: (value: any) => Output | null): StandardSchemaV1<unknown, Output> {
  return {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) => {
        const output = read(value);
        return output === null ? { issues: [{ message: 'item is missing' }] } : { value: output };
      },
    },
  };
}

let made = 0;

/** It makes another value of the same each time, and drops what it does not know. */
const NEW_ORDER = schema(({ item }) =>
  typeof item === 'string' ? { item: item.trim(), number: (made += 1) } : null,
);

/** What clients see of an order. */
const ORDER = schema(({ id, item }) => (item === 'unspeakable' ? null : { id }));

const carriedOut: unknown[] = [];
const seen: unknown[] = [];

@Injectable()
class OpenGuard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@Controller('orders')
@UseGuards(OpenGuard)
class OrdersController {
  @Post()
  @SerializeOptions({ schema: ORDER })
  @Tracked<{ id: string; item: string }>({
    task: 'order',
    outcome: (order) => {
      seen.push(order);
      return { state: 'success', resource: { order: order.id } };
    },
    duplicates: 'replay',
  })
  create(@Body({ schema: NEW_ORDER }) order: { item: string }) {
    carriedOut.push(order);
    if (order.item === 'gold') throw new ConflictException('Sold out.', { errorCode: 'SOLD_OUT' });
    return { id: String(carriedOut.length), item: order.item };
  }

  @Post('later')
  @Tracked({ task: 'later' })
  later(@Res() response: { status: (code: number) => { json: (body: object) => void } }): void {
    setImmediate(() => response.status(202).json({}));
  }
}

/** How often a method of a class of the module or of the host was called, as an instrument counts. */
const calls = new Map<string, number>();

/** Wraps each method of an instance, as `@nestjs/observe` does, and keeps its name and what decorators say of it. */
function instanceDecorator(instance: unknown): unknown {
  // Nest's own containers are maps, which a proxy cannot stand for.
  if (typeof instance !== 'object' || instance === null || instance instanceof Map) return instance;
  return new Proxy(instance, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function' || name === 'constructor') return value;
      const what = `${target.constructor.name}.${String(name)}`;
      const wrapped = function (this: unknown, ...given: unknown[]): unknown {
        calls.set(what, (calls.get(what) ?? 0) + 1);
        return Reflect.apply(value, this, given);
      };
      Object.defineProperty(wrapped, 'name', { value: value.name });
      for (const key of Reflect.getMetadataKeys(value))
        Reflect.defineMetadata(key, Reflect.getMetadata(key, value), wrapped);
      return wrapped;
    },
  });
}

describe.each([
  ['as it is', {}],
  ['with an instrument', { instrument: { instanceDecorator } }],
])('Nest 12, %s', (name, options) => {
  let database: TestDatabase;
  let app: INestApplication;
  let client: Client | undefined;
  let tasks: TasksService;
  beforeAll(async () => {
    database = await createDatabase();

    @Module({
      imports: [
        TypeOrmModule.forRoot(hostDataSource(database)),
        TasksModule.forRoot({ requester: singleTenant }),
      ],
      controllers: [OrdersController],
    })
    class ShopModule {}

    app = await NestFactory.create(ShopModule, { logger: false, ...options });
    app.useGlobalPipes(new StandardSchemaValidationPipe());
    app.useGlobalInterceptors(new StandardSchemaSerializerInterceptor(app.get(Reflector)));
    await app.listen(0, '127.0.0.1');
    client = new Client(await app.getUrl());
    tasks = app.get(TasksService, { strict: false });
  });
  afterAll(async () => {
    client?.close();
    await app.close();
    await database.drop();
  });
  beforeEach(() => {
    carriedOut.splice(0);
    seen.splice(0);
  });

  const order = (tag: string, body: object, path = '/orders') => {
    if (client === undefined) throw new Error('The host has not started.');
    return client.post(path, body, { token: null, tag });
  };
  const found = async (tag: string): Promise<Task[]> =>
    (await tasks.list({ projectId: 'single-tenant', tag }, { limit: 10 })).tasks;

  it('compares what clients send, and not what a schema makes of it', async () => {
    const sent = { item: 'ink', more: 1 };
    expect((await order('sent', sent)).json).toEqual({ id: '1' });
    // The schema makes another number of it.
    expect((await order('sent', sent)).headers['task-replayed']).toBe('true');
    expect(carriedOut).toHaveLength(1);
    // The schema makes the same of these as of the first one.
    expect((await order('sent', { item: ' ink ', more: 1 })).json).toEqual({ id: '2' });
    expect((await order('sent', { item: 'ink' })).json).toEqual({ id: '3' });
    expect(await found('sent')).toHaveLength(3);
  });

  it('records a request that a schema refuses, and frees its tag', async () => {
    for (const _ of [1, 2]) expect((await order('invalid', { item: 7 })).status).toBe(400);
    expect(carriedOut).toHaveLength(0);
    expect(await found('invalid')).toMatchObject([
      { state: 'failure', duplicateKey: null, faultCode: 400, faultMessage: 'item is missing' },
      { state: 'failure', duplicateKey: null },
    ]);
  });

  it('reads the outcome from what the handler returns, and sends again what the client got', async () => {
    const first = await order('whole', { item: 'paper' });
    expect(first.json).toEqual({ id: '1' });
    expect(seen).toEqual([{ id: '1', item: 'paper' }]);
    const again = await order('whole', { item: 'paper' });
    expect(again).toMatchObject({ status: 201, text: first.text, headers: { 'task-replayed': 'true' } });
  });

  it('records the work of a handler whose answer a schema refuses', async () => {
    expect((await order('unspeakable', { item: 'unspeakable' })).status).toBe(500);
    expect(await found('unspeakable')).toMatchObject([{ state: 'success', resource: { order: '1' } }]);
    expect((await order('unspeakable', { item: 'unspeakable' })).status).toBe(409);
    expect(carriedOut).toHaveLength(1);
  });

  it('takes an exception with an errorCode for the rejection that it is', async () => {
    const { status, json } = await order('gold', { item: 'gold' });
    expect([status, json.errorCode]).toEqual([409, 'SOLD_OUT']);
    expect(await found('gold')).toMatchObject([
      { state: 'failure', duplicateKey: null, faultCode: 409, faultMessage: 'Sold out.' },
    ]);
  });

  it('waits for a handler that sends its answer itself', async () => {
    expect((await order('later', {}, '/orders/later')).status).toBe(202);
    expect(await found('later')).toMatchObject([{ state: 'processing' }]);
  });

  if (name !== 'with an instrument') return;

  it('is instrumented: the parts of the module, too', () => {
    expect(calls.get('OrdersController.create')).toBeGreaterThan(0);
    expect(calls.get('TagInterceptor.intercept')).toBeGreaterThan(0);
    expect(calls.get('TasksService.list')).toBeGreaterThan(0);
  });
});
