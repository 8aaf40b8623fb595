import {
  Controller,
  Get,
  Inject,
  Injectable,
  Logger,
  Module,
  Post,
  RequestMethod,
  Scope,
  Sse,
} from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import { of } from 'rxjs';
import { TasksModule, type TasksModuleAsyncOptions, Tracked } from '../../src/index.js';
import { createDatabase, lent } from '../support/database/database.js';
import { type HostSettings, singleTenant, startHost } from '../support/library/library-host.js';

/** What stops a host's start; '' when it starts. */
async function refusal(settings: Partial<HostSettings>): Promise<string> {
  const database = await createDatabase();
  try {
    // Not dropped twice.
    const host = await startHost({
      platform: 'express',
      database: lent(database),
      ...settings,
    });
    await host.close();
    return '';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await database.drop();
  }
}

describe('a host does not start', () => {
  it('on a database that the module does not know', async () => {
    const empty = class {
      exec() {}
    };
    const sqljs = { type: 'sqljs', driver: { Database: empty }, migrationsRun: false, retryAttempts: 0 };
    const typeorm = sqljs as unknown as Partial<TypeOrmModuleOptions>;
    expect(await refusal({ typeorm })).toMatch(
      /type sqljs: it must be better-sqlite3, mariadb, mysql or postgres/,
    );
  });

  describe('when its options depend on a request, which would turn off the sweep and all checks', () => {
    @Injectable({ scope: Scope.REQUEST })
    class Tenant {}

    @Injectable()
    class Tenants {
      constructor(readonly tenant: Tenant) {}
    }

    @Module({ providers: [Tenant, Tenants], exports: [Tenant, Tenants] })
    class TenantsModule {}

    const options = { requester: singleTenant };

    @Injectable()
    class Factory {
      constructor(readonly tenants: Tenants) {}

      createTasksOptions() {
        return options;
      }
    }

    @Injectable()
    class FactoryByProperty {
      @Inject(REQUEST)
      readonly request!: object;

      createTasksOptions() {
        return options;
      }
    }

    @Module({ imports: [TenantsModule], providers: [Factory], exports: [Factory] })
    class FactoryModule {}

    const useFactory = () => options;
    const imports = [TenantsModule];

    it.each<[string, Partial<TasksModuleAsyncOptions>, string]>([
      ['itself', { inject: [REQUEST], useFactory }, 'REQUEST'],
      ['through a provider', { imports, inject: [Tenant], useFactory }, 'Tenant'],
      ['through several', { imports, inject: [Tenants], useFactory }, 'Tenants, then Tenant'],
      ['by useClass', { imports, useClass: Factory }, 'Factory, then Tenants, then Tenant'],
      ['by a property', { useClass: FactoryByProperty }, 'FactoryByProperty, then REQUEST'],
      [
        'by useExisting',
        { imports: [FactoryModule], useExisting: Factory },
        'Factory, then Tenants, then Tenant',
      ],
    ])('%s', async (_, made, way) => {
      expect(await refusal({ isAsync: true, made })).toBe(
        `TasksModule's options depend on the request, by way of ${way}: it would not look after its tasks. ` +
          'Use values that are the same for all requests; `requester` gets the request.',
      );
    });

    it('as a data source for each tenant does', async () => {
      const told = await refusal({ inject: [REQUEST] });
      expect(told).toMatch(/^TasksModule's data source depends on the request, by way of .*REQUEST: /);
    });
  });

  it('that imports the module twice', async () => {
    const again = TasksModule.forRoot({ requester: singleTenant, sweep: false });
    expect(await refusal({ imports: [again] })).toMatch(
      /^TasksModule is imported 2 times\. Import TasksModule\.forRoot\(…\) once, in the application's module/,
    );
  });

  it.each([{ migrationsRun: false }, {}])(
    'but does so without tables, or with those of the migrations: %o',
    async (typeorm) => {
      expect(await refusal({ typeorm })).toBe('');
    },
  );
});

describe('a host is warned when it starts', () => {
  const tracked = Tracked({ task: () => 'work' });

  @Controller('base')
  class BaseController {
    @Post()
    @tracked
    work(): object {
      return {};
    }

    @Post('kept')
    @tracked
    kept() {
      return {};
    }
  }

  @Controller('derived')
  class DerivedController extends BaseController {
    @Post()
    override work() {
      return { done: true };
    }
  }

  @Controller('all')
  @tracked
  class AllController extends BaseController {
    @Get()
    read() {
      return {};
    }

    @Post()
    override work() {
      return { done: true };
    }
  }

  @Controller('reads')
  class ReadsController {
    @Get()
    @tracked
    read() {
      return {};
    }

    @Sse('events')
    @tracked
    events() {
      return of({ data: 'one' });
    }

    @Sse('posted', { method: RequestMethod.POST })
    @tracked
    posted() {
      return of({ data: 'one' });
    }
  }

  it('of @Tracked() on what is never recorded, and of a handler that has lost it', async () => {
    const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    try {
      const controllers = [BaseController, DerivedController, AllController, ReadsController];
      expect(await refusal({ controllers })).toBe('');
      const texts = warned.mock.calls.map(([text]) => String(text)).sort();
      expect(texts).toEqual([
        expect.stringMatching(/^@Tracked\(\) on ReadsController.events\(\) has no effect/),
        expect.stringMatching(/^@Tracked\(\) on ReadsController.read\(\) has no effect/),
        expect.stringMatching(/^DerivedController.work\(\) overrides a @Tracked\(\) handler/),
      ]);
    } finally {
      warned.mockRestore();
    }
  });
});
