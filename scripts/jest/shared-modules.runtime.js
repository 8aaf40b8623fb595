// Jest loads everything anew for each file of tests. For more than 400 files that load NestJS, TypeORM and this code,
// that is half of the CPU time of `npm test`. Here a worker loads once what no test changes:
//
//   packages    by Node itself, just as the product gets them
//   src/        by Jest, and kept for the worker's next file
//   test/       by Jest, anew for each file, as ever: each file has its own database and its own settings
//
// So nothing can be mocked by `jest.mock()`, and what a module of src/ keeps in a variable is there in the next file.
// A file that changes a package for good, as typeorm-transactional changes TypeORM, asks for a realm and modules of its
// own: `@jest-environment node` at its top.
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import Runtime from 'jest-runtime';

const SRC = join(import.meta.dirname, '..', '..', 'src') + '/';
const nodeRequire = createRequire(import.meta.url);

/** The modules of src/ that this worker has loaded, by their paths. */
const loaded = new Map();

export default class SharedModulesRuntime extends Runtime {
  constructor(config, environment, ...others) {
    super(config, environment, ...others);
    this.isShared = environment.global === globalThis;
    if (!this.isShared) return;
    if (typeof this.executor?.compile !== 'function')
      throw new Error('This version of Jest loads modules in another way: see scripts/jest/');
    // Jest compiles for a realm of its own. There is none: see one-realm.environment.js.
    this.executor.compile = (source, filename) =>
      vm.compileFunction(source, this.executor.injectedModuleParameters, {
        filename,
        importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      });
  }

  requireModule(from, name, options, isRequireActual = false) {
    const load = () => super.requireModule(from, name, options, isRequireActual);
    if (!this.isShared || options?.isInternalModule || name === undefined || Module.isBuiltin(name))
      return load();
    if (!/^[./]/.test(name)) return nodeRequire(pathOfPackage(name));
    const path = this._resolution.resolveCjs(from, name);
    return path.startsWith(SRC) ? this.loadOnce(path, load) : load();
  }

  // Modules of src/ outlive the file that has loaded them, and some import more when they are used: by way of this
  // runtime. For them it has not ended.
  teardown() {
    super.teardown();
    if (this.isShared) this.enterTestCode();
  }

  loadOnce(path, load) {
    const registry = this.registries.getActiveCjsRegistry();
    if (loaded.has(path) && !registry.has(path)) registry.set(path, loaded.get(path));
    const exports = load();
    // A module that is still loading (a circle of imports) is kept when it has loaded.
    const module = registry.get(path);
    if (module?.loaded) loaded.set(path, module);
    return exports;
  }
}

/** Where an `import` of a package leads, as for the product, which is made of ES modules. */
function pathOfPackage(name) {
  return fileURLToPath(import.meta.resolve(name));
}
