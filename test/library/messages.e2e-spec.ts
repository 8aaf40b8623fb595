import {
  type CallHandler,
  ConflictException,
  Controller,
  type ExecutionContext,
  Logger,
} from '@nestjs/common';
import {
  type ClientProxy,
  ClientProxyFactory,
  EventPattern,
  MessagePattern,
  type MicroserviceOptions,
  Payload,
  type RedisOptions,
  type RmqOptions,
  RmqRecordBuilder,
  Transport,
} from '@nestjs/microservices';
import { randomUUID } from 'node:crypto';
import { firstValueFrom, type Observable, tap } from 'rxjs';
import { CurrentTask, type Task, TasksService, Tracked, type TrackedMessage } from '../../src/index.js';
import { type LibraryHost, startHost } from '../support/library/library-host.js';
import { gate } from '../support/library/peers-host.js';
import { describeWith, SERVICES } from '../support/services/services.js';
import { until } from '../support/until.js';

interface Order {
  shop: string;
  item: string;
  taskTag?: string;
  fails?: 'sold out' | 'broken';
}

/** Redis brings a message to everybody who listens, so also to the same spec on another database. */
const HERE = randomUUID();

const done: { item: string; by: string; task?: string | undefined }[] = [];
let held = Promise.resolve();
/** Until when mail is not even recorded. */
let heldMail = Promise.resolve();

async function order({ item, fails }: Order, by: string, task?: Task) {
  const id = done.push({ item, by, task: task?.uuid });
  await held;
  if (fails === 'sold out') throw new ConflictException('sold out');
  if (fails === 'broken') throw new Error('it broke');
  return { id, item };
}

@Controller()
class OrdersConsumer {
  @MessagePattern(`order ${HERE}`)
  @Tracked({ task: () => 'order' })
  order(@Payload() data: Order, @CurrentTask() task: Task) {
    return order(data, 'order', task);
  }

  @MessagePattern({ cmd: 'replayed', here: HERE })
  @Tracked({ task: () => 'order', duplicates: 'replay' })
  replayed(@Payload() data: Order) {
    return order(data, 'replayed');
  }

  @MessagePattern(`answered ${HERE}`)
  @Tracked<{ id: number; item: string }, TrackedMessage<Order>>({
    task: () => 'order',
    outcome: ({ id, item }) => ({ state: 'success', resource: { id: String(id), item } }),
    duplicates: 'answer',
    answerAgain: ({ resource }) => ({ id: Number(resource?.['id']), item: resource?.['item'] ?? '' }),
  })
  answered(@Payload() data: Order) {
    return order(data, 'answered');
  }

  @MessagePattern(`own ${HERE}`)
  @Tracked<unknown, TrackedMessage<Order>>({
    task: ({ pattern }) => String(pattern).split(' ')[0]!,
    tag: ({ data }) => `of ${data.item}`,
    parameters: ({ data }) => data.item,
    requester: () => ({ projectId: 'own', userId: 'bob' }),
  })
  own(@Payload() data: Order) {
    return order(data, 'own');
  }

  @MessagePattern(`untracked ${HERE}`)
  untracked(@CurrentTask() task?: Task) {
    return { task: task?.uuid ?? null };
  }

  @EventPattern<string>(`ordered ${HERE}`)
  @Tracked({ task: () => 'invoice' })
  invoice(@Payload() data: Order, @CurrentTask() task: Task) {
    return order(data, 'invoice', task);
  }
}

/** Another handler of the same event. */
@Controller()
class MailConsumer {
  @EventPattern<string>(`ordered ${HERE}`)
  @Tracked<unknown, TrackedMessage<Order>>({
    task: () => 'mail',
    parameters: async ({ data }) => {
      await heldMail;
      return data;
    },
  })
  mail(@Payload() data: Order, @CurrentTask() task: Task) {
    return order(data, 'mail', task);
  }
}

/** What the interceptor of a host has heard of each message. */
const heard: { shop: string; is: 'done' | 'failed' }[] = [];
const listener = {
  intercept: (context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> => {
    const { shop } = context.switchToRpc().getData<Order>();
    const hear = (is: 'done' | 'failed') => () => void heard.push({ shop, is });
    return next.handle().pipe(tap({ complete: hear('done'), error: hear('failed') }));
  },
};

function options(transport: 'RabbitMQ' | 'Redis', queue: string): RmqOptions | RedisOptions {
  if (transport === 'RabbitMQ') {
    const queueOptions = { durable: false, autoDelete: true };
    return { transport: Transport.RMQ, options: { urls: [SERVICES.RabbitMQ], queue, queueOptions } };
  }
  const { hostname, port } = new URL(SERVICES.Redis);
  return { transport: Transport.REDIS, options: { host: hostname, port: Number(port) } };
}

describe.each(['RabbitMQ', 'Redis'] as const)('with %s', (transport) => {
  describeWith(transport, 'a message', () => {
    let host: LibraryHost;
    let client: ClientProxy;
    let tasks: TasksService;
    let tag: string;
    let shop: string;
    beforeAll(async () => {
      jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
      const given = options(transport, `tasktag-${randomUUID()}`);
      host = await startHost({
        platform: 'fastify',
        controllers: [OrdersConsumer, MailConsumer],
        options: {
          messages: {
            requester: ({ data }: TrackedMessage<Order>) => ({ projectId: data.shop, userId: '' }),
          },
        },
        prepare: async (app) => {
          app.useGlobalInterceptors(listener);
          app.connectMicroservice<MicroserviceOptions>(given, { inheritAppConfig: true });
          await app.startAllMicroservices();
        },
      });
      tasks = host.app.get(TasksService, { strict: false });
      client = ClientProxyFactory.create(given as RmqOptions);
      await client.connect();
    });
    afterAll(async () => {
      await client.close();
      await host.close();
      jest.restoreAllMocks();
    });
    beforeEach(() => {
      [tag, shop] = [`tag ${randomUUID()}`, randomUUID()];
      done.splice(0);
      held = Promise.resolve();
    });

    /** RabbitMQ has the tag beside what the message says. */
    const message = (data: Partial<Order> = {}, at = tag) => {
      const said = { shop, item: 'ink', ...data };
      if (transport === 'Redis') return { ...said, taskTag: at };
      return new RmqRecordBuilder(said).setOptions({ headers: { 'Task-tag': at } }).build();
    };
    const ask = (name: 'order' | 'replayed' | 'own' | 'untracked', data: unknown) =>
      firstValueFrom(
        client.send<any>(name === 'replayed' ? { cmd: name, here: HERE } : `${name} ${HERE}`, data),
      ).catch((error: unknown) => ({ error }));
    const emit = (data: unknown) =>
      firstValueFrom(client.emit(`ordered ${HERE}`, data), { defaultValue: null });
    const heardOfShop = () => heard.filter((each) => each.shop === shop).map(({ is }) => is);
    const found = async (projectId = shop, its = tag): Promise<Task[]> =>
      (await tasks.list({ projectId, tag: its }, { limit: 10 })).tasks;

    it('is recorded before its handler runs, which gets the task', async () => {
      const { wait, open } = gate();
      held = wait;
      const asked = ask('order', message());
      await until('the handler', () => done.length === 1);
      expect(await found()).toMatchObject([{ uuid: done[0]!.task, state: 'pending' }]);
      open();
      expect(await asked).toEqual({ id: 1, item: 'ink' });
      expect(await found()).toMatchObject([{ task: 'order', state: 'success' }]);
    });

    it('is refused under the same tag, and its sender told why', async () => {
      await ask('order', message());
      const { error } = await ask('order', message());
      const [{ uuid }] = (await found()) as [Task];
      expect(error).toMatchObject({
        statusCode: 409,
        code: 'DUPLICATE_REQUEST',
        message: 'That request is already accepted',
        task: { uuid, state: 'success', tag },
      });
      expect(done).toHaveLength(1);
    });

    it('is another one with another content, pattern or tag', async () => {
      await ask('order', message());
      await ask('order', message({ item: 'pen' }));
      await ask('replayed', message());
      await ask('order', message({}, `${tag} too`));
      expect(done).toHaveLength(4);
    });

    it('is done once, however often it is sent at once', async () => {
      const answers = await Promise.all(Array.from({ length: 16 }, () => ask('order', message())));
      expect(done).toHaveLength(1);
      expect(answers.filter((answer) => 'id' in answer)).toHaveLength(1);
    });

    it("gets the first one's answer, if that is kept", async () => {
      const first = await ask('replayed', message());
      expect(await ask('replayed', message())).toEqual(first);
      expect(done).toHaveLength(1);
    });

    it('has its tag, its tenant and its parameters where the handler says', async () => {
      const item = randomUUID();
      await ask('own', message({ item }));
      await ask('own', { item, shop: 'another' });
      expect(done).toHaveLength(1);
      expect(await found('own', `of ${item}`)).toMatchObject([{ task: 'own', userId: 'bob' }]);
    });

    it('that has no tag is recorded, and not refused', async () => {
      await ask('order', { shop, item: 'ink' });
      await ask('order', { shop, item: 'ink' });
      expect((await tasks.list({ projectId: shop }, { limit: 10 })).tasks).toHaveLength(2);
      expect(done).toHaveLength(2);
    });

    it('of an invalid tag is not carried out', async () => {
      const { error } = await ask('order', message({}, 'x'.repeat(256)));
      expect(error).toMatchObject({ statusCode: 400, code: 'INVALID_TAG' });
      expect(done).toEqual([]);
    });

    it('whose handler refuses it may be sent again; one whose handler breaks may not', async () => {
      for (let n = 0; n < 2; n += 1) await ask('order', message({ fails: 'sold out' }));
      expect(await found()).toMatchObject([{ faultCode: 409 }, { faultMessage: 'sold out' }]);
      await ask('order', message({ fails: 'broken' }));
      const { error } = await ask('order', message({ fails: 'broken' }));
      expect(error).toMatchObject({ task: { state: 'unknown' } });
      expect(done).toHaveLength(3);
    });

    it('is left alone where its handler is not tracked', async () => {
      expect(await ask('untracked', message())).toEqual({ task: null });
      expect(await found()).toEqual([]);
    });

    it('of an event is handled once by each of its handlers, and its repetition ends as it did', async () => {
      await emit(message());
      await until(
        'both handlers',
        async () => (await found()).every(({ state }) => state === 'success') && done.length === 2,
      );
      await emit(message());
      await until('the repetition', () => heardOfShop().length === 4);
      expect(done.map(({ by }) => by).sort()).toEqual(['invoice', 'mail']);
      const made = Object.fromEntries((await found()).map(({ task, uuid }) => [task, uuid]));
      expect(Object.fromEntries(done.map(({ by, task }) => [by, task]))).toEqual(made);
      expect(heardOfShop()).toEqual(['done', 'done', 'done', 'done']);
    });

    it('of an event that comes again waits until the first one is decided, and is handled if that was not', async () => {
      const { wait, open } = gate();
      held = wait;
      await emit(message({ fails: 'sold out' }));
      await until('both handlers', () => done.length === 2);
      await emit(message({ fails: 'sold out' }));
      open();
      await until('both again', () => done.length === 4);
      expect(await found()).toHaveLength(4);
    });

    it('of an event one of whose handlers fails before the other has begun is handled by that, too, and may fail there', async () => {
      const { wait, open } = gate();
      heldMail = wait;
      await emit(message({ fails: 'sold out' }));
      await until('the invoice to fail', () => heardOfShop().includes('failed'));
      open();
      // Nest waits for it no more; the process goes on.
      await until('the mail to fail', async () =>
        (await found()).some(({ task, faultMessage }) => task === 'mail' && faultMessage === 'sold out'),
      );
      expect(await ask('untracked', message())).toEqual({ task: null });
    });
  });
});

describeWith('Redis', 'a message that Redis brings to two instances', () => {
  it('is carried out once, and its sender hears how, where duplicates are answered', async () => {
    const given = options('Redis', '');
    const host = await startHost({
      platform: 'fastify',
      controllers: [OrdersConsumer],
      options: { messages: { requester: () => ({ projectId: 'shop', userId: '' }) } },
      prepare: async (app) => {
        for (let instance = 0; instance < 2; instance += 1)
          app.connectMicroservice<MicroserviceOptions>(given, { inheritAppConfig: true });
        await app.startAllMicroservices();
      },
    });
    const client = ClientProxyFactory.create(given as RedisOptions);
    await client.connect();
    done.splice(0);
    const { wait, open } = gate();
    held = wait;
    const answer = firstValueFrom(
      client.send<unknown>(`answered ${HERE}`, { item: 'ink', taskTag: randomUUID() }),
    );
    await until('the handler', () => done.length === 1);
    open();
    expect(await answer).toEqual({ id: 1, item: 'ink' });
    expect(done).toHaveLength(1);
    await client.close();
    await host.close();
  });
});
