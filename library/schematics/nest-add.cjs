// `nest add tasktag`: TasksModule, an example of a tracked handler, and its test.
//
// It imports nothing: the tree that it changes, and the task that installs packages, are given or described.
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { withImports } = require('./root-module.cjs');

const FILES = join(__dirname, 'files');

/** The driver of the example's data source. */
const DRIVER = { 'better-sqlite3': '^12.0.0' };

/** The file by which an application is known to have it. */
const SETUP = 'tasks.setup.ts';

/** For an application in which the example has no place. */
const BY_HAND =
  'Add TasksModule by hand: the guide, node_modules/tasktag/docs/guide.md, has the files under "The first refused duplicate".';

exports.nestAdd = function nestAdd({ sourceRoot = 'src', skipInstall = false }) {
  return (tree, context) => {
    const manifest = JSON.parse(tree.read('package.json').toString());
    const known = { ...manifest.dependencies, ...manifest.devDependencies };
    if (known['@nestjs/common'] === undefined)
      throw new Error('This is no Nest application: package.json has no @nestjs/common.');
    const js = manifest.type === 'module' ? '.js' : '';
    const hasDataSource = mentions(tree.getDir(sourceRoot), 'TypeOrmModule.forRoot');
    if (tree.exists(join(sourceRoot, SETUP))) {
      context.logger.info(`Tasktag is set up already, in ${join(sourceRoot, SETUP)}; nothing was changed.`);
      return tree;
    }
    for (const name of templates()) create(tree, join(sourceRoot, name), name, { js, hasDataSource });
    addToRootModule(tree, context, join(sourceRoot, 'app.module.ts'), js);
    if (hasDataSource) context.logger.info(MIGRATIONS);
    addPackages(tree, manifest, known, hasDataSource);
    if (skipInstall) context.logger.info('\nInstall what was added to package.json: npm install');
    else context.addTask({ toConfiguration: () => INSTALL });
    context.logger.info(NEXT);
    return tree;
  };
};

/** Scripts run as the project's settings allow them: SQLite has one that fetches or compiles it. */
const INSTALL = { name: 'node-package', options: { command: 'install', allowScripts: true } };

function templates() {
  const names = readdirSync(FILES, { recursive: true }).map(String);
  return names.filter((name) => name.endsWith('.template')).sort();
}

function create(tree, target, name, { js, hasDataSource }) {
  const path = target.replace(/\.template$/, '');
  if (tree.exists(path)) throw new Error(`${path} is there already; nothing was changed. ${BY_HAND}`);
  const text = readFileSync(join(FILES, name), 'utf8').replaceAll('{{js}}', js);
  tree.create(path, hasDataSource ? withoutDataSource(text) : text);
}

/** The application has a data source of its own. */
function withoutDataSource(text) {
  return text
    .replace(/import \{ TypeOrmModule \}.*\n/, '')
    .replace('import { TASKS_MIGRATIONS, TasksModule }', 'import { TasksModule }')
    .replace(/ {4}TypeOrmModule\.forRoot\(\{[^}]*\}\),\n/, '');
}

function addToRootModule(tree, context, path, js) {
  const text = tree.exists(path) ? tree.read(path).toString() : '';
  const modules = [
    { name: 'TasksSetupModule', from: `./tasks.setup${js}` },
    { name: 'OrdersModule', from: `./orders/orders.module${js}` },
  ];
  const changed = withImports(text, modules);
  if (changed !== null) tree.overwrite(path, changed);
  else
    context.logger.warn(
      `${path} was not understood: add TasksSetupModule and OrdersModule to the imports of your root module.`,
    );
}

function addPackages(tree, manifest, known, hasDataSource) {
  const major = /\d+/.exec(known['@nestjs/common'])?.[0] ?? '12';
  const wanted = { '@nestjs/typeorm': `^${major}.0.1`, typeorm: '^1.1.0', ...(!hasDataSource && DRIVER) };
  const missing = Object.entries(wanted).filter(([name]) => known[name] === undefined);
  const all = [...Object.entries(manifest.dependencies ?? {}), ...missing];
  manifest.dependencies = Object.fromEntries(all.sort(([one], [other]) => (one < other ? -1 : 1)));
  tree.overwrite('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Whether a file of a folder has some text. */
function mentions(folder, text) {
  const inFile = (name) => name.endsWith('.ts') && folder.file(name).content.toString().includes(text);
  return folder.subfiles.some(inFile) || folder.subdirs.some((name) => mentions(folder.dir(name), text));
}

const MIGRATIONS = `
Your application has a data source. Add the tables of the tasks to it:
  entities: [...TASKS_ENTITIES, …], or autoLoadEntities: true
  migrations: [...TASKS_MIGRATIONS, …], run by migrationsRun: true or by TypeORM's command
both from 'tasktag'.`;

const NEXT = `
Try it: npm run start, and twice
  curl -i -X POST -H 'X-User: acme/ann' -H 'Task-tag: t1' -H 'content-type: application/json' -d '{"item":"ink"}' localhost:3000/orders
The second one is refused. Replace orders/user.guard.ts by your own guard, and call app.enableShutdownHooks() in main.ts.
The guide is node_modules/tasktag/docs/guide.md.`;
