import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Controller, Injectable, SetMetadata, type Type } from '@nestjs/common';
import { Mutation, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { Tracked } from '../../src/index.js';
import { singleTenant, startHost } from '../support/library/library-host.js';

const tracked = Tracked({ task: 'work' });

/** As `@WebSocketGateway()` and `@SubscribeMessage()` of Nest mark what they decorate. */
const gateway = SetMetadata('websockets:is_gateway', true);
const subscribe = SetMetadata('websockets:message_mapping', true);

@Resolver()
class ReadResolver {
  @Query(() => String)
  @tracked
  read(): string {
    return '';
  }
}

@Resolver()
class NewsResolver {
  @Subscription(() => String)
  @tracked
  news(): string {
    return '';
  }
}

@Resolver('Order')
class FieldResolver {
  @ResolveField(() => String)
  @tracked
  label(): string {
    return '';
  }
}

@Injectable()
class OrdersGateway {
  @subscribe
  @tracked
  order() {}
}

@gateway
@tracked
@Injectable()
class TrackedGateway {
  @subscribe
  order() {}
}

@Injectable()
class OrdersService {
  @tracked
  order() {}
}

@Controller()
class ForgetfulController {
  @tracked
  order() {}
}

@tracked
@Processor('orders')
class TrackedProcessor extends WorkerHost {
  async process() {}
}

@Controller()
class OrdersConsumer {
  @MessagePattern('order')
  @tracked
  order() {}
}

@Controller()
@tracked
class NewsConsumer {
  @EventPattern<string>('ordered')
  hear() {}
}

@Processor('orders')
class OrdersProcessor extends WorkerHost {
  @tracked
  async process() {}
}

/** What stops the start of a host with a class; '' when it starts. */
async function refusal(one: Type, options: object = {}): Promise<string> {
  const isController = Reflect.hasMetadata('path', one);
  const module = {
    module: class OfModule {},
    ...(isController ? { controllers: [one] } : { providers: [one] }),
  };
  try {
    await (await startHost({ platform: 'fastify', imports: [module], options })).close();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the start of a host is stopped', () => {
  it.each<[Type, string]>([
    [ReadResolver, '@Tracked() cannot be on ReadResolver.read(): queries of GraphQL change nothing'],
    [NewsResolver, '@Tracked() cannot be on NewsResolver.news(): subscriptions of GraphQL are not tracked'],
    [FieldResolver, '@Tracked() cannot be on FieldResolver.label(): it resolves a field of GraphQL'],
    [
      OrdersGateway,
      '@Tracked() cannot be on OrdersGateway.order(): messages of WebSocket gateways are not tracked',
    ],
    [
      TrackedGateway,
      '@Tracked() cannot be on TrackedGateway: messages of WebSocket gateways are not tracked',
    ],
    [OrdersService, '@Tracked() cannot be on OrdersService.order(): it handles no requests'],
    [ForgetfulController, '@Tracked() cannot be on ForgetfulController.order(): it handles no requests'],
    [TrackedProcessor, '@Tracked() cannot be on TrackedProcessor: put it on TrackedProcessor.process()'],
  ])('by what cannot be tracked: %p', async (one, message) => {
    expect(await refusal(one, { requester: singleTenant })).toContain(message);
  });

  it.each<[Type, string, 'messages' | 'jobs']>([
    [OrdersConsumer, 'OrdersConsumer.order()', 'messages'],
    [NewsConsumer, 'NewsConsumer.hear()', 'messages'],
    [OrdersProcessor, 'OrdersProcessor.process()', 'jobs'],
  ])('by what does not say whose it is: %p', async (one, what, name) => {
    expect(await refusal(one)).toContain(`@Tracked() on ${what} must be told whose its ${name} are`);
    expect(await refusal(one, { requester: singleTenant })).toBe('');
    expect(await refusal(one, { [name]: { requester: singleTenant } })).toBe('');
  });

  it.each([
    [{ messages: { tenant: singleTenant } }, "TasksModule's option messages has no option tenant"],
    [{ jobs: { tag: 'id' } }, "TasksModule's option jobs.tag must be a function"],
    [{ graphql: null }, "TasksModule's option graphql must be an object"],
  ])('by an option that is none: %p', async (options, message) => {
    expect(await refusal(class Nothing {}, options)).toContain(message);
  });
});

it('a mutation needs nothing more', async () => {
  @Resolver()
  class OrdersResolver {
    @Mutation(() => String)
    @tracked
    order(): string {
      return '';
    }
  }
  expect(await refusal(OrdersResolver)).toBe('');
});
