import { Injectable, type ModuleMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TasksModule } from './tasks.module.js';
import { singleTenant, type TasksOptionsInput } from './tasks.options.js';

@Injectable()
class Missing {}

const typeorm = TypeOrmModule.forRoot({
  type: 'better-sqlite3',
  database: ':memory:',
  autoLoadEntities: true,
});
const requester = singleTenant;

describe('an application that uses the module wrongly does not start, and is told why', () => {
  const start = async (imports: ModuleMetadata['imports']) => {
    const module = await Test.createTestingModule({ imports }).compile();
    const app = module.createNestApplication({ logger: false });
    await app.init();
    await app.close();
  };

  it.each<[string, () => NonNullable<ModuleMetadata['imports']>, RegExp]>([
    [
      'without TypeOrmModule',
      () => [TasksModule.forRoot({ requester })],
      /TasksModule's option dataSource.* argument DataSource .* in the TasksModule module/,
    ],
    [
      'with another name for its data source',
      () => [typeorm, TasksModule.forRoot({ requester, dataSource: 'shop' })],
      /TasksModule's option dataSource.* argument "shopDataSource"/,
    ],
    ['without options', () => [typeorm, TasksModule], /TasksModule\.forRoot\(/],
    [
      'with nothing for options',
      () => [typeorm, TasksModule.forRoot(undefined as unknown as TasksOptionsInput<unknown>)],
      /TasksModule's option requester must return the tenant/,
    ],
    [
      'with a factory that returns nothing',
      () => [
        typeorm,
        TasksModule.forRootAsync({ useFactory: () => undefined as unknown as TasksOptionsInput<never> }),
      ],
      /TasksModule got no options/,
    ],
    [
      'with a factory that needs what is not there',
      () => [typeorm, TasksModule.forRootAsync({ inject: [Missing], useFactory: () => ({ requester }) })],
      /options of TasksModule.* argument Missing .* in the TasksModule module/,
    ],
    [
      'with an option that there is not',
      () => [typeorm, TasksModule.forRoot({ requester, retention: 5 } as TasksOptionsInput<unknown>)],
      /TasksModule has no option retention; it has .*retentionMs/,
    ],
    [
      'with a currentManager that is none',
      () => [typeorm, TasksModule.forRoot({ requester, currentManager: {} as never })],
      /TasksModule's option currentManager must be a function/,
    ],
  ])('%s', async (_, imports, text) => {
    const told = String(await start(imports()).catch((error: unknown) => error));
    expect(told).toMatch(text);
  });

  it('with neither a factory nor a class', () => {
    expect(() => TasksModule.forRootAsync({})).toThrow(
      'TasksModule.forRootAsync() needs useFactory, useClass or useExisting.',
    );
  });
});
