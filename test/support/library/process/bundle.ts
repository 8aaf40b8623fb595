import type { Plugin } from 'esbuild';
import { join } from 'node:path';
import { bundle } from '../../bundle.js';
import { onceInARun } from '../../once-in-a-run.js';

const root = join(import.meta.dirname, '..', '..', '..', '..');

/** The library as it is built, from the sources that a host names. */
const asBuilt: Plugin = {
  name: 'as-built',
  setup(asked) {
    asked.onResolve({ filter: /\/src\/.*\.js$/ }, ({ path }) => ({
      path: join(root, 'dist', path.replace(/^.*\/src\//, '')),
    }));
  },
};

/**
 * Bundles a host with the library and the packages that it uses, once in a run of tests.
 *
 * @param file the host in TypeScript
 * @returns what Node can start
 */
export async function bundleHost(file: string): Promise<string> {
  const name = file.replace(/^.*\/|\.ts$/g, '');
  // Where Node finds the packages that are left to it.
  const kept = join(root, 'node_modules', '.cache', 'tasktag', `hosts-${process.env['TASKTAG_TEST_RUN']}`);
  const folder = await onceInARun(join(kept, name), (outdir) =>
    bundle({
      files: { [name]: file },
      outdir,
      conditions: ['module'],
      mainFields: ['module', 'main'],
      plugins: [asBuilt],
    }),
  );
  return join(folder, `${name}.mjs`);
}
