import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import {
  type CanActivate,
  ConflictException,
  type ExecutionContext,
  Injectable,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import {
  Args,
  Field,
  GqlExecutionContext,
  GraphQLModule,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { CurrentTask, type Task, TasksService, Tracked, type TrackedMutation } from '../../src/index.js';
import { type HostSettings, type LibraryHost, startHost } from '../support/library/library-host.js';
import { until } from '../support/until.js';

const done: { item: string; task?: string | undefined }[] = [];

/** The host's own guard: `X-User: tenant/name`. */
@Injectable()
class UserGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { req } = GqlExecutionContext.create(context).getContext<{ req: any }>();
    const [tenant, name] = (req.headers['x-user'] ?? '').split('/') as string[];
    if (!tenant || !name) throw new UnauthorizedException();
    req.user = { tenant, name };
    return true;
  }
}

@ObjectType()
class Order {
  @Field(() => Int)
  id!: number;

  @Field()
  item!: string;

  @Field()
  at!: Date;
}

@InputType()
class NewOrder {
  @Field()
  item!: string;

  @Field(() => Int, { defaultValue: 1 })
  count!: number;

  @Field({ nullable: true })
  fails?: 'sold out' | 'broken';
}

const make = ({ item, fails }: NewOrder, task?: Task): Order => {
  const id = done.push({ item, task: task?.uuid });
  if (fails === 'sold out') throw new ConflictException('sold out');
  if (fails === 'broken') throw new Error('it broke');
  return { id, item, at: new Date(0) };
};

@Resolver()
@UseGuards(UserGuard)
class OrdersResolver {
  @Query(() => Int)
  count() {
    return done.length;
  }

  /** Where a field may be null, those after a refused one are carried out. */
  @Mutation(() => Order, { nullable: true })
  @Tracked({ task: () => 'order' })
  order(@Args('order') order: NewOrder, @CurrentTask() task: Task) {
    return make(order, task);
  }

  @Mutation(() => Order, { name: 'orderOnce' })
  @Tracked({ task: () => 'order', duplicates: 'replay' })
  replayed(@Args('order') order: NewOrder) {
    return make(order);
  }

  @Mutation(() => Order)
  @Tracked<Order>({
    task: () => 'order',
    duplicates: 'answer',
    outcome: ({ id }) => ({ state: 'success', resource: { order: String(id) } }),
    answerAgain: ({ resource }) => ({ id: Number(resource?.['order']), item: 'made', at: new Date(0) }),
  })
  made(@Args('order') order: NewOrder) {
    return make(order);
  }

  @Mutation(() => Order)
  @Tracked<Order, TrackedMutation<{ order: NewOrder }>>({
    task: ({ info }) => info.fieldName,
    tag: ({ args }) => `of ${args.order.item}`,
    parameters: ({ args }) => args.order.item,
    requester: () => ({ projectId: 'own', userId: 'bob' }),
  })
  own(@Args('order') order: NewOrder) {
    return make(order);
  }
}

/** One decorator for all that a class changes. */
@Resolver()
@UseGuards(UserGuard)
@Tracked({ task: () => 'of the class' })
class ClassResolver {
  @Query(() => Int)
  read(@CurrentTask() task?: Task) {
    return task === undefined ? 0 : 1;
  }

  @Mutation(() => Int)
  change(@CurrentTask() task?: Task) {
    return task === undefined ? 0 : 1;
  }
}

const common = { autoSchemaFile: true };
const apollo = GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, ...common });
const mercurius = GraphQLModule.forRoot<MercuriusDriverConfig>({ driver: MercuriusDriver, ...common });

describe.each<[string, Pick<HostSettings, 'platform' | 'imports'>]>([
  ['Apollo on Express', { platform: 'express', imports: [apollo] }],
  ['Apollo on Fastify', { platform: 'fastify', imports: [apollo] }],
  ['Mercurius', { platform: 'fastify', imports: [mercurius] }],
])('a mutation with %s', (_, { platform, imports = [] }) => {
  let host: LibraryHost;
  let tasks: TasksService;
  let tag: string;
  let count = 0;
  beforeAll(async () => {
    const module = { module: class ResolversModule {}, providers: [OrdersResolver, ClassResolver] };
    host = await startHost({ platform, imports: [...imports, module] });
    tasks = host.app.get(TasksService, { strict: false });
  });
  afterAll(() => host.close());
  beforeEach(() => {
    tag = `tag ${(count += 1)}`;
    done.splice(0);
  });

  const ask = async (
    query: string,
    given: { variables?: object; user?: string; as?: string | null } = {},
  ) => {
    const { variables = {}, user = 'acme/ann', as = tag } = given;
    const call = { token: null, headers: { 'X-User': user }, ...(as !== null && { tag: as }) };
    const { json } = await host.client.post('/graphql', { query, variables }, call);
    return json as { data: Record<string, any> | null; errors?: any[] };
  };
  const found = async (projectId = 'acme', its = tag): Promise<Task[]> =>
    (await tasks.list({ projectId, tag: its }, { limit: 10 })).tasks;
  const mutation = (field: string, order = '{ item: "ink" }') =>
    `mutation { ${field}(order: ${order}) { id item at } }`;

  it('is recorded under the tag of its request, and its resolver gets the task', async () => {
    const { data } = await ask(mutation('order'));
    expect(data).toEqual({ order: { id: 1, item: 'ink', at: '1970-01-01T00:00:00.000Z' } });
    const uuid = done[0]!.task;
    expect(await found()).toMatchObject([{ uuid, task: 'order', state: 'success', userId: 'ann' }]);
  });

  it('is refused when it comes again, however it is written, and told why', async () => {
    await ask(mutation('order'));
    const { errors } = await ask('mutation Again($order: NewOrder!) { order(order: $order) { id } }', {
      variables: { order: { count: 1, item: 'ink' } },
    });
    const [{ uuid }] = (await found()) as [Task];
    const [{ message, extensions }] = errors as [any];
    expect(message).toBe('That request is already accepted');
    const told = extensions.originalError ?? extensions;
    expect(told).toMatchObject({ code: 'DUPLICATE_REQUEST', task: { uuid, state: 'success' } });
    expect(done).toHaveLength(1);
  });

  it('is another one with other arguments, another field, another tag or tenant', async () => {
    await ask(mutation('order'));
    await ask(mutation('order', '{ item: "pen" }'));
    await ask(mutation('orderOnce'));
    await ask(mutation('order'), { as: `${tag} too` });
    await ask(mutation('order'), { user: 'other/bob' });
    expect(done).toHaveLength(5);
  });

  it('is one of several in a document, of which each is a request, and each is refused when it comes again', async () => {
    const document = `mutation {
      first: order(order: { item: "ink" }) { id }
      second: order(order: { item: "ink" }) { id }
      order(order: { item: "pen", fails: "sold out" }) { id }
    }`;
    await ask(document);
    expect(done.map(({ item }) => item)).toEqual(['ink', 'ink', 'pen']);
    const states = (await found()).map(({ state }) => state);
    expect(states).toEqual(['failure', 'success', 'success']);
    const { errors } = await ask(document);
    // The one that was refused is carried out, and is refused, again.
    expect(errors!.map(({ path, message }) => [path, message])).toEqual([
      [['first'], 'That request is already accepted'],
      [['second'], 'That request is already accepted'],
      [['order'], 'sold out'],
    ]);
    expect(done.map(({ item }) => item)).toEqual(['ink', 'ink', 'pen', 'pen']);
  });

  it('is done once, however often it is sent at once', async () => {
    const answers = await Promise.all(Array.from({ length: 16 }, () => ask(mutation('order'))));
    expect(done).toHaveLength(1);
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
  });

  it("gets the first one's answer, if that is kept or made", async () => {
    const first = await ask(mutation('orderOnce'));
    expect(first.errors).toBeUndefined();
    expect(await ask(mutation('orderOnce'))).toEqual(first);
    await ask(mutation('made'));
    expect(await ask(mutation('made'))).toMatchObject({ data: { made: { id: 2, item: 'made' } } });
    expect(done).toHaveLength(2);
  });

  it('has its tag, its tenant and its parameters where the resolver says', async () => {
    const item = `item ${tag} ${platform}`;
    await ask(mutation('own', `{ item: "${item}" }`));
    await ask(mutation('own', `{ item: "${item}", count: 2 }`), { user: 'other/bob', as: null });
    expect(done).toHaveLength(1);
    expect(await found('own', `of ${item}`)).toMatchObject([{ task: 'own', userId: 'bob' }]);
  });

  it('without a tag is recorded, and not refused', async () => {
    const before = (await tasks.list({ projectId: 'acme' }, { limit: 100 })).tasks.length;
    await ask(mutation('order'), { as: null });
    await ask(mutation('order'), { as: null });
    expect(done).toHaveLength(2);
    expect((await tasks.list({ projectId: 'acme' }, { limit: 100 })).tasks).toHaveLength(before + 2);
  });

  it('whose resolver refuses it may be sent again; one whose resolver breaks may not', async () => {
    for (let n = 0; n < 2; n += 1) await ask(mutation('order', '{ item: "ink", fails: "sold out" }'));
    expect(await found()).toMatchObject([{ faultMessage: 'sold out' }, { faultMessage: 'sold out' }]);
    for (let n = 0; n < 2; n += 1) await ask(mutation('order', '{ item: "ink", fails: "broken" }'));
    expect(await found()).toMatchObject([{ state: 'unknown' }, {}, {}]);
    expect(done).toHaveLength(3);
  });

  it('of a tracked class is tracked; a query is not', async () => {
    expect((await ask('mutation { change }')).data).toEqual({ change: 1 });
    expect((await ask('{ read }')).data).toEqual({ read: 0 });
    expect((await ask('mutation { change }')).data).toBeNull();
    expect(await found()).toMatchObject([{ task: 'of the class' }]);
  });

  it('goes on to its end when its client has gone', async () => {
    const gone = ask(mutation('order')).catch(() => null);
    await until('the resolver', () => done.length === 1);
    await gone;
    await until('the outcome', async () => (await found())[0]?.state === 'success');
  });
});
