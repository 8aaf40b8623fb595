import { before } from '@nestjs/swagger/plugin';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { compile } from '../support/library/compile.js';
import { LibraryProject, ROOT } from '../support/library/packed-library.js';

const DTO = `
export class NewOrderDto {
  item!: string;
}

export class OrderDto {
  id!: string;
  item!: string;
}
`;

/** A host's controller. The plugin of Swagger's finds out the types of its answers. */
const HOST = `
import { Body, Controller, Module, Post } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { singleTenant, TasksModule, Tracked } from 'tasktag';
import { ApiTasks, ApiTaskTag } from 'tasktag/openapi';
import { NewOrderDto, OrderDto } from './order.dto.js';

@Controller('orders')
export class OrdersController {
  @ApiTaskTag()
  @Post()
  @Tracked<OrderDto>({ task: 'order' })
  async create(@Body() order: NewOrderDto): Promise<OrderDto> {
    return { id: '1', item: order.item };
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'better-sqlite3', database: ':memory:', autoLoadEntities: true }),
    TasksModule.forRoot({
      requester: singleTenant,
      controller: { path: 'tasks', decorators: [ApiTasks()] },
    }),
  ],
  controllers: [OrdersController],
})
export class ShopModule {}
`;

const PRINT = `
require('reflect-metadata');
const { NestFactory } = require('@nestjs/core');
const { DocumentBuilder, SwaggerModule } = require('@nestjs/swagger');
const { ShopModule } = require('./orders.controller.js');

(async () => {
  const app = await NestFactory.create(ShopModule, { logger: false });
  console.log(JSON.stringify(SwaggerModule.createDocument(app, new DocumentBuilder().build())));
  await app.close();
})();
`;

/** A program of a client, with the types that were made from the document. */
const CLIENT = `
import type { components, paths } from './shop.js';

type Json<Answer extends { content: { 'application/json': unknown } }> = Answer['content']['application/json'];
type Answers = paths['/orders']['post']['responses'];

export const order: Json<Answers[201]> = { id: '1', item: 'ink' };
export const tag: string | undefined = ({} as Answers[201]['headers'])['task-tag'];
export const asked: NonNullable<paths['/orders']['post']['parameters']['header']> = { 'Task-tag': 't1' };

export function first(refusal: Json<Answers[409]>): string {
  const { code, task }: { code: 'DUPLICATE_REQUEST'; task: components['schemas']['RecordedTask'] } = refusal;
  return code + task.state;
}

export function ended({ tasks }: Json<paths['/tasks']['get']['responses'][200]>): string[] {
  const states: ('pending' | 'processing' | 'success' | 'failure' | 'unknown')[] = tasks.map(({ state }) => state);
  return states;
}

export const one = ({ task }: Json<paths['/tasks/{uuid}']['get']['responses'][200]>): boolean => task.ended;

// @ts-expect-error An answer has an id, too.
export const half: Json<Answers[201]> = { item: 'ink' };
// @ts-expect-error There is no such state.
export const state: components['schemas']['RecordedTask']['state'] = 'done';
`;

describe('a client that openapi-typescript makes from the document of a host', () => {
  let project: LibraryProject;
  beforeAll(() => {
    project = new LibraryProject(['@nestjs/platform-express', '@types/node', 'better-sqlite3']);
  });
  afterAll(() => project.remove());

  const write = (file: string, text: string) => writeFileSync(join(project.folder, file), text);

  it('has the types of answers, which the plugin has found, of the refusal and of tasks', () => {
    write('order.dto.ts', DTO);
    write('orders.controller.ts', HOST);
    write('print.js', PRINT);
    buildWithPlugin(project.folder, 'orders.controller.ts');
    const document = execFileSync(process.execPath, ['print.js'], { cwd: project.folder, encoding: 'utf8' });
    write('shop.json', document);
    const generator = join(ROOT, 'node_modules', 'openapi-typescript', 'bin', 'cli.js');
    execFileSync(process.execPath, [generator, 'shop.json', '-o', 'shop.ts'], {
      cwd: project.folder,
      stdio: 'ignore',
    });
    write('client.ts', CLIENT);
    expect(compile(project.folder, ['client.ts'])).toBe('');
  }, 180_000);
});

/** Builds a file as `nest build` does with the plugin. */
function buildWithPlugin(folder: string, file: string): void {
  const program = ts.createProgram([join(folder, file)], {
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    skipLibCheck: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    outDir: folder,
  });
  program.emit(undefined, undefined, undefined, false, { before: [before({}, program)] });
}
