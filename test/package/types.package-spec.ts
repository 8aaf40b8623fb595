import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../support/library/compile.js';
import { LibraryProject } from '../support/library/packed-library.js';

/** Uses each entry point; one line is wrong, so that types that are not found are noticed. */
const HOST = `
import { singleTenant, type Task, TasksModule, Tracked } from 'tasktag';
import { tagged, tasks, type TaggedResult } from 'tasktag/client';
import { fromTransactionHost } from 'tasktag/nestjs-cls';
import { ApiTaskTag } from 'tasktag/openapi';
import { type RecordedTasks, TasksTestingModule } from 'tasktag/testing';
import { fromTransactionalDataSource } from 'tasktag/typeorm-transactional';

export const module = TasksModule.forRoot({ requester: singleTenant });
export const testing = TasksTestingModule.forRoot();
export const all = (recorded: RecordedTasks): Task[] => recorded.all();
export const inCls = TasksModule.forRoot({ requester: singleTenant, currentManager: fromTransactionHost() });
export const inOther = TasksModule.forRoot({ requester: singleTenant, currentManager: fromTransactionalDataSource() });
export const state = (task: Task): 'pending' | 'processing' | 'success' | 'failure' | 'unknown' => task.state;
export const send = tagged(fetch, { lookup: tasks({ url: '/tasks' }) });
export const outcome = (result: TaggedResult): string => result.outcome;

export class Orders {
  @ApiTaskTag()
  @Tracked<{ id: string }>({ task: () => 'order', outcome: ({ id }) => ({ state: 'success', resource: { id } }) })
  place() {
    return { id: '1' };
  }
}

// @ts-expect-error There is no default for the tenant.
TasksModule.forRoot({});
`;

/** What compiles, and what does not. */
const MISTAKES = `
import { applyDecorators, Post } from '@nestjs/common';
import { type Observable, of } from 'rxjs';
import { singleTenant, TasksModule, type TasksOptionsFactory, Tracked } from 'tasktag';

interface Order {
  id: string;
}
interface ShopRequest {
  user: { company: string };
}

const Once = (): MethodDecorator => applyDecorators(Post(), Tracked({ task: 'order' }));

@Tracked<Order>({ task: 'order' })
export class Orders {
  @Tracked<Order>({ task: 'order', outcome: ({ id }) => ({ state: 'success', resource: { order: id } }) })
  value(_order: { item: string }) {
    return { id: '1', item: 'ink' };
  }

  @Tracked<Order>({ task: 'order' })
  async promise() {
    return { id: '1' };
  }

  @Tracked<Order>({ task: 'order' })
  observable(): Observable<Order> {
    return of({ id: '1' });
  }

  @Tracked<Order>({ task: 'order' })
  async both() {
    return of({ id: '1' });
  }

  @Tracked<Order, ShopRequest>({ task: ({ user }) => user.company })
  either(): Order | Promise<Order> {
    return { id: '1' };
  }

  @Tracked({ task: 'order', outcome: () => ({ state: 'success' }) })
  nothing(): void {}

  @Once()
  once(): void {}

  // @ts-expect-error The handler answers something else.
  @Tracked<{ nope: string }>({ task: 'order', outcome: ({ nope }) => ({ state: 'success', resource: { nope } }) })
  otherValue() {
    return { id: '1' };
  }

  // @ts-expect-error
  @Tracked<{ nope: string }>({ task: 'order' })
  async otherPromise() {
    return { id: '1' };
  }

  // @ts-expect-error
  @Tracked<{ nope: string }>({ task: 'order' })
  otherObservable() {
    return of({ id: '1' });
  }

  // @ts-expect-error The type of the answer is that of the option's parameter.
  @Tracked({ task: 'order', outcome: ({ nope }: { nope: string }) => ({ state: 'success', resource: { nope } }) })
  otherOutcome() {
    return { id: '1' };
  }

  // @ts-expect-error
  @Tracked<Order>({ task: 'order' })
  maybe(): Promise<Order | undefined> {
    return Promise.resolve(undefined);
  }
}

const requester = ({ user }: ShopRequest) => ({ projectId: user.company, userId: '' });

class Config {
  tagRequired = true;
}

TasksModule.forRootAsync({ useFactory: () => ({ requester, retentionMs: 5 }), dataSource: 'tasks' });
TasksModule.forRootAsync({
  inject: [Config],
  useFactory: async ({ tagRequired }: Config) => ({ requester: singleTenant, tagRequired, tagReuse: 'refuse' }),
});
TasksModule.forRootAsync({
  inject: [Config],
  useFactory: ({ tagRequired }: Config) => (tagRequired ? { requester, tagRequired } : { requester }),
});

TasksModule.forRootAsync({
  inject: [Config],
  useFactory: async ({ tagRequired }: Config) =>
    tagRequired ? { requester, tagReuse: 'refuse' } : { requester, settle: async () => ({ state: 'success' }) },
});

class Factory implements TasksOptionsFactory<ShopRequest> {
  createTasksOptions() {
    return { requester };
  }
}
TasksModule.forRootAsync({ useClass: Factory });
TasksModule.forRootAsync({ useExisting: Factory });

// @ts-expect-error There is no option retention.
TasksModule.forRootAsync({ useFactory: () => ({ requester, retention: 5 }) });
// @ts-expect-error
TasksModule.forRootAsync({ useFactory: async () => ({ requester, retention: 5 }) });
// @ts-expect-error
TasksModule.forRootAsync({ useFactory: () => Promise.resolve({ requester, retention: 5 }) });
TasksModule.forRootAsync({
  inject: [Config],
  // @ts-expect-error
  useFactory: ({ tagRequired }: Config) => (tagRequired ? { requester } : { requester, retention: 5 }),
});
// @ts-expect-error
TasksModule.forRootAsync({ useFactory: () => ({ retentionMs: 5 }) });
// @ts-expect-error
TasksModule.forRootAsync({ useFactory: () => ({ requester, retentionMs: '5' }) });

class WrongFactory {
  createTasksOptions() {
    return { requester, retention: 5 };
  }
}
// @ts-expect-error
TasksModule.forRootAsync({ useClass: WrongFactory });
`;

describe('the types of the packed library', () => {
  let project: LibraryProject;
  beforeAll(() => {
    project = new LibraryProject(['@types/node']);
  });
  afterAll(() => project.remove());

  it('are found by a host that is an ES module or CommonJS, and tell it of its mistakes', () => {
    writeFileSync(join(project.folder, 'host.mts'), HOST);
    writeFileSync(join(project.folder, 'host.cts'), HOST);
    writeFileSync(join(project.folder, 'mistakes.mts'), MISTAKES);
    expect(compile(project.folder, ['host.mts', 'host.cts', 'mistakes.mts'])).toBe('');
  });

  it.each([
    ['CommonJS for a compiler that cannot require ES modules', 'host.cts', { module: 'node16' }],
    ['a bundler', 'host.ts', { module: 'preserve', moduleResolution: 'bundler' }],
    [
      'CommonJS as it was resolved before Node 12',
      'host.ts',
      { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
    ],
  ])('are found by a host that is %s', (_, file, options) => {
    writeFileSync(join(project.folder, file), HOST);
    expect(compile(project.folder, [file], { skipLibCheck: true, ...options })).toBe('');
  });

  it('of the client need neither Nest nor Node', () => {
    const client = HOST.split('\n').filter(
      (line) => /client|send|outcome/.test(line) && !/Tracked/.test(line),
    );
    writeFileSync(join(project.folder, 'page.mts'), client.join('\n'));
    expect(compile(project.folder, ['page.mts'], { types: [], lib: ['ES2023', 'DOM'] })).toBe('');
  });
});
