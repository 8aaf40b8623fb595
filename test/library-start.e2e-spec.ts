import { Controller, Get, Logger, Post, RequestMethod, Sse } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import type { TypeOrmModuleOptions } from '@nestjs/typeorm';
import { lastValueFrom, of } from 'rxjs';
import { TagInterceptor, Tracked } from '../src/index.js';
import { createDatabase, type TestDatabase } from './support/database.js';
import { type HostSettings, type LibraryHost, startHost } from './support/library-host.js';

declare const testDatabase: TestDatabase['kind'];

/** What stops a host's start; '' when it starts. */
async function refusal(settings: Partial<HostSettings>): Promise<string> {
  const database = await createDatabase();
  try {
    // Not dropped twice.
    const host = await startHost({
      platform: 'express',
      database: { ...database, drop: () => Promise.resolve() },
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
  const synchronized = { synchronize: true, migrationsRun: false };
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

  it('with tables under whose collation two tenants are one', async () => {
    const text = await refusal({ typeorm: synchronized });
    if (testDatabase !== 'mariadb') expect(text).toBe('');
    else expect(text).toMatch(/column project_id of the table tasks has the collation .*_ci.*migrations/s);
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

describe('@Tracked() and handlers of other transports', () => {
  const tracked = Tracked({ task: () => 'work' });

  @Controller()
  @tracked
  class MessagesController {
    ofClass(this: void) {
      return 'done';
    }

    @tracked
    itself(this: void) {
      return 'done';
    }
  }

  /** As Nest calls interceptors for a message. */
  function call(host: LibraryHost, name: 'ofClass' | 'itself') {
    const context = new ExecutionContextHost([{}], MessagesController, MessagesController.prototype[name]);
    context.setType('rpc');
    return host.app.get(TagInterceptor, { strict: false }).intercept(context, { handle: () => of('done') });
  }

  it('on their class only, leaves them alone; on one of them, says that it cannot', async () => {
    const host = await startHost({ platform: 'express' });
    try {
      expect(await lastValueFrom(await call(host, 'ofClass'))).toBe('done');
      await expect(call(host, 'itself')).rejects.toThrow(
        '@Tracked() is for handlers of HTTP requests alone.',
      );
    } finally {
      await host.close();
    }
  });
});
