import { build, type Plugin } from 'esbuild';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..', '..');

/** Left to Node: what has files beside its code. */
const EXTERNAL = ['better-sqlite3', 'mysql2', 'pg'];

/** The library as it is built, from the sources that a host names. */
const asBuilt: Plugin = {
  name: 'as-built',
  setup(asked) {
    asked.onResolve({ filter: /\/src\/.*\.js$/ }, ({ path }) => ({
      path: join(root, 'dist', path.replace(/^.*\/src\//, '')),
    }));
  },
};

/** Packages that others load if they are there. */
const withoutMissing: Plugin = {
  name: 'without-missing',
  setup(asked) {
    asked.onResolve({ filter: /^[^.]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === 'asking') return undefined;
      const { errors } = await asked.resolve(path, { kind, resolveDir, pluginData: 'asking' });
      return errors.length > 0 ? { path, external: true } : undefined;
    });
  },
};

/**
 * Puts a host into few files, with the library and the packages that it uses. Specs start dozens of them, and each would
 * take several seconds of CPU to find, translate and read thousands of files.
 *
 * @param file the host in TypeScript
 * @returns what Node can start
 */
export async function bundle(file: string): Promise<string> {
  const outdir = join(root, 'node_modules', '.cache', 'tasktag', `hosts-${process.env['JEST_WORKER_ID']}`);
  const name = file.replace(/^.*\/|\.ts$/g, '');
  await build({
    entryPoints: { [name]: file },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    keepNames: true,
    mainFields: ['module', 'main'],
    conditions: ['module'],
    external: EXTERNAL,
    plugins: [asBuilt, withoutMissing],
    banner: {
      js: "import{createRequire as newRequire}from'node:module';const require=newRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return join(outdir, `${name}.mjs`);
}
