// Puts the server, with the packages it is made of, into few files: dist/main.js and dist/server/. Node took most of a
// start to find, read and compile three thousand files, of which most hold what the server never uses.
import { build } from 'esbuild';
import { isBuiltin } from 'node:module';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

/**
 * Left to Node: what has files beside its code; what is loaded only when it is needed; and the API of OpenTelemetry,
 * which must be the copy that an operator's SDK registers with.
 */
const EXTERNAL = ['better-sqlite3', 'mysql2', 'amqplib', 'swagger-ui-dist', '@opentelemetry/api'];

const packageOf = (path) => /^(@[^/]+\/)?[^/]+/.exec(path)[0];

function isDependency(name) {
  const found = packages[`node_modules/${name}`];
  return found !== undefined && found.dev !== true && found.devOptional !== true;
}

/**
 * Packages that others would take if they were there. In the bundle they are never there, also where they are installed
 * for tests: they would bring a second copy of Nest.
 */
const withoutOthers = {
  name: 'without-others',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^./#]/ }, ({ path, kind }) => {
      if (kind === 'entry-point' || isBuiltin(path)) return undefined;
      const name = packageOf(path);
      if (EXTERNAL.includes(name)) return { path, external: true };
      return isDependency(name) ? undefined : { path, namespace: 'missing' };
    });
    onLoad({ filter: /.*/, namespace: 'missing' }, ({ path }) => ({
      contents: `throw Object.assign(new Error("Cannot find module '${path}'"), { code: 'MODULE_NOT_FOUND' });`,
    }));
  },
};

/** A `require` that a module makes for itself would load a second copy of what is in the bundle. */
const oneCopy = {
  name: 'one-copy',
  setup({ onLoad }) {
    onLoad({ filter: /@nestjs\/(typeorm|terminus)\/.*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace('const require = createRequire(import.meta.url);\n', ''),
    }));
  },
};

/**
 * Left out, since the server never calls it: TypeORM's drivers of databases that the server does not have, and the phone
 * numbers of class-validator. It would be a sixth of the code.
 */
const UNUSED_DRIVERS =
  /\/typeorm\/driver\/(aurora-.*|cockroachdb|mongodb|oracle|postgres|react-native|sap|spanner|sqlserver)\//;
const NOTHING = { contents: 'module.exports = {};' };
const withoutUnused = {
  name: 'without-unused',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: UNUSED_DRIVERS }, () => NOTHING);
    onResolve({ filter: /^libphonenumber-js/ }, ({ path }) => ({ path, namespace: 'unused' }));
    onLoad({ filter: /.*/, namespace: 'unused' }, () => NOTHING);
  },
};

rmSync(join(dist, 'server'), { recursive: true, force: true });
await build({
  entryPoints: [join(dist, 'main.js')],
  outdir: dist,
  allowOverwrite: true,
  chunkNames: 'server/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // `module`: files that esbuild can leave out of.
  mainFields: ['module', 'main'],
  conditions: ['module'],
  // Migrations, entities and providers are known by the names of their classes.
  keepNames: true,
  minifyWhitespace: true,
  minifySyntax: true,
  // Node shows the whole line of an error that nobody catches.
  lineLimit: 160,
  legalComments: 'none',
  banner: {
    js: "import{createRequire as newRequire}from'node:module';const require=newRequire(import.meta.url);",
  },
  plugins: [withoutUnused, withoutOthers, oneCopy],
  logLevel: 'warning',
});
rmSync(join(dist, 'main.js.map'), { force: true });
nameClassesAlone();

/**
 * To keep names, esbuild defines that of every function, as often as it is made: also of the small ones that are made for
 * each request, which a profile of look-ups shows. Names of classes are what counts.
 */
function nameClassesAlone() {
  // Its calls for classes; the limit of a line may break them.
  const ofClass = /__name\((?=\s*this\s*,)/g;
  const define = '(target,value)=>__defProp(target,"name",{value,configurable:!0})';
  let [classes, helpers] = [0, 0];
  for (const file of [join(dist, 'main.js'), ...filesIn(join(dist, 'server'))]) {
    const text = readFileSync(file, 'utf8');
    classes += text.match(ofClass)?.length ?? 0;
    helpers += text.split(`__name=${define}`).length - 1;
    const changed = text
      .replaceAll(ofClass, '__name.ofClass(')
      .replace(`__name=${define}`, `__name=Object.assign(target=>target,{ofClass:${define}})`);
    writeFileSync(file, changed);
  }
  if (classes === 0 || helpers !== 1) throw new Error('This version of esbuild keeps names in another way.');
}

function filesIn(folder) {
  return readdirSync(folder).map((name) => join(folder, name));
}
