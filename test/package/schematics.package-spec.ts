import { join } from 'node:path';
import { ROOT } from '../support/library/packed-library.js';

/** As much of a tree of Angular's schematics as `nest add` uses. */
class Tree {
  constructor(readonly files: Record<string, string>) {}

  exists = (path: string) => path in this.files;
  read = (path: string) => Buffer.from(this.files[path] ?? '');
  create = (path: string, text: string) => void (this.files[path] = text);
  overwrite = this.create;

  getDir(folder: string): object {
    const below = Object.keys(this.files)
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1).split('/'));
    return {
      subfiles: below.filter(({ length }) => length === 1).map(([name]) => name),
      subdirs: [...new Set(below.filter(({ length }) => length > 1).map(([name]) => name))],
      file: (name: string) => ({ content: this.read(`${folder}/${name}`) }),
      dir: (name: string) => this.getDir(`${folder}/${name}`),
    };
  }
}

const EMPTY = '@Module({})\nexport class AppModule {}\n';
const OWN = `import { TypeOrmModule } from '@nestjs/typeorm';

@Module({
  imports: [
    // The shop's own ].
    TypeOrmModule.forRoot({ type: 'postgres', url: ')]', entities: [] }), // and [more
  ],
  controllers: [],
})
export class AppModule {}
`;

/** Runs `nest add tasktag` in an application; gives its files, what was said, and the tasks for afterwards. */
async function nestAdd(
  manifest: object,
  root: string,
  options: object = {},
  more: Record<string, string> = {},
) {
  const { nestAdd: make } = await import(join(ROOT, 'library', 'schematics', 'nest-add.cjs'));
  const said: string[] = [];
  const afterwards: unknown[] = [];
  const logger = { info: (text: string) => said.push(text), warn: (text: string) => said.push(text) };
  const addTask = (task: { toConfiguration: () => unknown }) => afterwards.push(task.toConfiguration());
  const tree = new Tree({ 'package.json': JSON.stringify(manifest), 'src/app.module.ts': root, ...more });
  make(options)(tree, { logger, addTask });
  const { dependencies } = JSON.parse(tree.files['package.json'] ?? '') as Record<string, unknown>;
  return { files: tree.files, said: said.join('\n'), afterwards, dependencies };
}

describe('nest add tasktag', () => {
  const nest11 = { dependencies: { '@nestjs/common': '^11.0.1' } };
  const nest12 = { type: 'module', dependencies: { '@nestjs/common': '^12.0.1' } };

  it('adds what goes with the version of Nest, and installs it', async () => {
    const { dependencies, afterwards } = await nestAdd(nest11, EMPTY);
    expect(dependencies).toEqual({
      '@nestjs/common': '^11.0.1',
      '@nestjs/typeorm': '^11.0.1',
      'better-sqlite3': '^12.0.0',
      typeorm: '^1.1.0',
    });
    expect(afterwards).toEqual([
      { name: 'node-package', options: { command: 'install', allowScripts: true } },
    ]);
    expect((await nestAdd(nest12, EMPTY)).dependencies).toMatchObject({ '@nestjs/typeorm': '^12.0.1' });
    expect((await nestAdd(nest12, EMPTY, { skipInstall: true })).afterwards).toEqual([]);
  });

  it('writes imports as the application’s kind of modules wants them', async () => {
    const spec = 'src/orders/orders.controller.spec.ts';
    expect((await nestAdd(nest11, EMPTY)).files[spec]).toContain("from './orders.controller';");
    expect((await nestAdd(nest12, EMPTY)).files[spec]).toContain("from './orders.controller.js';");
  });

  it('leaves a data source alone, and says what it needs', async () => {
    const { files, said, dependencies } = await nestAdd(nest11, OWN);
    expect(files['src/tasks.setup.ts']).not.toMatch(/TypeOrmModule|TASKS_MIGRATIONS/);
    expect(files['src/tasks.setup.ts']).toContain('TasksModule.forRoot<ShopRequest>({');
    expect(said).toContain('migrations: [...TASKS_MIGRATIONS, …]');
    expect(dependencies).not.toHaveProperty('better-sqlite3');
    // The data source is made first, and closed last.
    expect(files['src/app.module.ts']).toMatch(
      /entities: \[\] \}\), TasksSetupModule, OrdersModule \/\/ and \[more\n {2}\],\n/,
    );
  });

  it.each([EMPTY, '@Module({ imports: [] })\nexport class AppModule {}\n'])('adds to %j', async (root) => {
    const { files } = await nestAdd(nest11, root);
    expect(files['src/app.module.ts']?.replaceAll(/\s+/g, ' ')).toMatch(
      /^import \{ TasksSetupModule \} from '\.\/tasks\.setup'; import \{ OrdersModule \} from '\.\/orders\/orders\.module'; @Module\(\{ imports: \[TasksSetupModule, OrdersModule\]/,
    );
  });

  it('says so when it is there already, and changes nothing', async () => {
    const first = await nestAdd(nest11, EMPTY);
    const { said, files } = await nestAdd(nest11, first.files['src/app.module.ts'] ?? '', {}, first.files);
    expect(said).toBe('Tasktag is set up already, in src/tasks.setup.ts; nothing was changed.');
    expect(files).toEqual(first.files);
  });

  it('leaves an application with an orders controller of its own to its team, and names the guide', async () => {
    const own = { 'src/orders/orders.controller.ts': '// ours' };
    await expect(nestAdd(nest11, EMPTY, {}, own)).rejects.toThrow(
      /^src\/orders\/orders\.controller\.ts is there already; nothing was changed\. Add TasksModule by hand: the guide,/,
    );
  });

  it('does not change a root module that it does not understand, and says what to do', async () => {
    const root = 'export const AppModule = makeModule();\n';
    const { files, said } = await nestAdd(nest11, root);
    expect(files['src/app.module.ts']).toBe(root);
    expect(said).toContain('add TasksSetupModule and OrdersModule to the imports of your root module');
  });
});
