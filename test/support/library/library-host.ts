import {
  Body,
  type CanActivate,
  ConflictException,
  Controller,
  type ExecutionContext,
  type INestApplication,
  type InjectionToken,
  Injectable,
  InternalServerErrorException,
  Module,
  type ModuleMetadata,
  type NestApplicationOptions,
  Post,
  Req,
  RequestTimeoutException,
  type Type,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import type { DataSource, DataSourceOptions } from 'typeorm';
import {
  CurrentTask,
  type Outcome,
  singleTenant,
  Task,
  TASKS_MIGRATIONS,
  TasksModule,
  type TasksModuleAsyncOptions,
  type TasksModuleExtras,
  type TasksOptionsInput,
  Tracked,
} from '../../../src/index.js';
import { TasksTestingModule } from '../../../src/testing/index.js';
import { createDatabase, type TestDatabase } from '../database/database.js';
import { keptDatabase } from '../database/kept-databases.js';
import { Client } from '../network/http.js';

declare const testDatabase: string;

/** Whether this run of the suite is for `tasktag/testing`; see jest.config.js. */
const isInMemory = testDatabase === 'memory';

/** A test that looks into the database, or needs its transactions. */
export const itInDatabase = isInMemory ? it.skip : it;

const NO_DATABASE: TestDatabase = { kind: 'sqlite', url: 'none', drop: () => Promise.resolve() };

/** What the host's guard has found out. */
export interface HostRequest {
  user: { tenant: string; name: string };
}

/** The host's own guard: `X-User: tenant/name`. */
@Injectable()
class HostGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<HostRequest & { headers: Record<string, string> }>();
    const [tenant, name] = (request.headers['x-user'] ?? '').split('/');
    if (!tenant || !name) throw new UnauthorizedException();
    request.user = { tenant, name };
    return true;
  }
}

/** What a test sees of what was carried out. */
export const orders: { tenant: string; item: string; task: string | undefined }[] = [];

interface NewOrder {
  item: string;
  fail?: 'rejected' | 'broken' | 'bank' | 'given up';
}

@Controller('orders')
@UseGuards(HostGuard)
class OrdersController {
  @Post()
  @Tracked<{ id: number }, HostRequest>({
    task: () => 'order',
    outcome: ({ id }): Outcome => ({ state: 'success', resource: { order: String(id) } }),
  })
  create(@Req() request: HostRequest, @Body() { item, fail }: NewOrder, @CurrentTask() task?: Task) {
    if (fail === 'rejected') throw new ConflictException('sold out');
    const id = orders.push({ tenant: request.user.tenant, item, task: task?.uuid });
    if (fail === 'broken') throw new InternalServerErrorException();
    if (fail === 'given up') throw new RequestTimeoutException();
    // As an HTTP client throws it.
    if (fail === 'bank') throw Object.assign(new Error('the bank knows no such account'), { status: 404 });
    return { id };
  }

  @Post('slow')
  @Tracked({
    task: () => 'slow order',
    outcome: (): Outcome => ({ state: 'processing', lookAgainAt: Date.now() + 60_000 }),
  })
  slow(@CurrentTask() task: Task) {
    return { task: task.uuid };
  }
}

/** An application of somebody else's, with its own data source, that uses the module. */
export interface LibraryHost {
  app: INestApplication;
  client: Client;
  close: () => Promise<void>;
}

/** How the host is made. */
export interface HostSettings {
  platform: 'express' | 'fastify';
  /** @default a new one of the platform's */
  adapter?: AbstractHttpAdapter;
  rawBody?: boolean;
  /** What else `NestFactory.create` is told. */
  nest?: NestApplicationOptions;
  /** Name of the host's data source. */
  dataSource?: string;
  /** What else the host says of its data source. */
  typeorm?: Partial<TypeOrmModuleOptions>;
  /** Makes the data source, as packages that bind it to a transaction want it. @default TypeORM does */
  dataSourceFactory?: (options: DataSourceOptions) => Promise<DataSource>;
  /** Modules beside TypeORM's and the one that is tested. */
  imports?: ModuleMetadata['imports'];
  tablePrefix?: string;
  options?: Partial<TasksOptionsInput<HostRequest>>;
  controller?: TasksModuleExtras['controller'];
  /** Options made when the application starts. */
  isAsync?: boolean;
  /** What those are made with, or by. */
  made?: Partial<TasksModuleAsyncOptions>;
  /** What the data source's options are made with. */
  inject?: InjectionToken[];
  /** Controllers beside the one with orders. */
  controllers?: Type[];
  /** What else is done before it listens. */
  prepare?: (app: INestApplication) => void | Promise<void>;
  /** The database that it gets, which is dropped with it. @default an empty one */
  database?: TestDatabase;
}

/** Starts a host. Its tasks belong to the tenant of the guard, unless told otherwise. */
export async function startHost(settings: HostSettings): Promise<LibraryHost> {
  const {
    platform,
    rawBody = false,
    dataSource,
    tablePrefix,
    options,
    controller,
    isAsync = false,
  } = settings;
  const database = settings.database ?? (await databaseFor(settings));
  const extras = {
    ...(dataSource !== undefined && { dataSource }),
    ...(tablePrefix !== undefined && { tablePrefix }),
    ...(controller && { controller }),
  };
  const given: TasksOptionsInput<HostRequest> = {
    requester: ({ user }) => ({ projectId: user.tenant, userId: user.name }),
    ...options,
  };
  const useFactory = () => Promise.resolve(given);
  const tasks = isAsync
    ? TasksModule.forRootAsync({ ...extras, ...(settings.made ?? { useFactory }) })
    : TasksModule.forRoot({ ...given, ...extras });

  const modules =
    database.url === NO_DATABASE.url
      ? [TasksTestingModule.forRoot({ ...given, ...(controller && { controller }) })]
      : [typeormModule(settings, database), tasks];

  @Module({
    imports: [...(settings.imports ?? []), ...modules],
    controllers: [OrdersController, ...(settings.controllers ?? [])],
  })
  class HostModule {}

  const module = await Test.createTestingModule({ imports: [HostModule] }).compile();
  const adapter = settings.adapter ?? (platform === 'express' ? new ExpressAdapter() : new FastifyAdapter());
  const app = module.createNestApplication<INestApplication>(adapter, {
    rawBody,
    logger: false,
    ...settings.nest,
  });
  await settings.prepare?.(app);
  await app.listen(0, '127.0.0.1').catch(async (error: unknown) => {
    await app.close();
    throw error;
  });
  const client = new Client(await app.getUrl());
  return {
    app,
    client,
    close: async () => {
      client.close();
      await app.close();
      await database.drop();
    },
  };
}

/** With the tables, unless the host is told to have others. */
function databaseFor({ tablePrefix, typeorm }: HostSettings): Promise<TestDatabase> {
  if (isInMemory) return Promise.resolve(NO_DATABASE);
  return tablePrefix === undefined && typeorm === undefined ? keptDatabase('library') : createDatabase();
}

/** The database of a host that is started several times, or of several hosts; none in memory. */
export function hostDatabase(): Promise<TestDatabase> {
  return databaseFor({ platform: 'fastify' });
}

function typeormModule(
  { typeorm, dataSource, dataSourceFactory, inject }: HostSettings,
  database: TestDatabase,
) {
  const options = { ...hostDataSource(database), ...(typeorm as object) };
  const name = dataSource && { name: dataSource };
  if (dataSourceFactory === undefined && inject === undefined)
    return TypeOrmModule.forRoot({ ...options, ...name });
  return TypeOrmModule.forRootAsync({
    ...name,
    ...(inject && { inject }),
    useFactory: () => options,
    ...(dataSourceFactory && {
      dataSourceFactory: (given) => dataSourceFactory(given as DataSourceOptions),
    }),
  });
}

export function hostDataSource({ kind, url }: TestDatabase): TypeOrmModuleOptions {
  const common = { autoLoadEntities: true, migrations: TASKS_MIGRATIONS, migrationsRun: true };
  switch (kind) {
    case 'sqlite':
      return { ...common, type: 'better-sqlite3', database: url.slice('sqlite:'.length), enableWAL: true };
    case 'mariadb':
      return { ...common, type: 'mariadb', url, timezone: 'Z' };
    case 'postgres':
      return { ...common, type: 'postgres', url };
  }
}

export { HostGuard, singleTenant };
