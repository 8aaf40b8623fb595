import type { Plugin } from 'esbuild';
import { join } from 'node:path';
import { bundle } from '../../bundle.js';

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
 * Bundles a host with the library and the packages that it uses.
 *
 * @param file the host in TypeScript
 * @returns what Node can start
 */
export async function bundleHost(file: string): Promise<string> {
  const outdir = join(root, 'node_modules', '.cache', 'tasktag', `hosts-${process.env['JEST_WORKER_ID']}`);
  const name = file.replace(/^.*\/|\.ts$/g, '');
  await bundle({
    files: { [name]: file },
    outdir,
    conditions: ['module'],
    mainFields: ['module', 'main'],
    plugins: [asBuilt],
  });
  return join(outdir, `${name}.mjs`);
}
