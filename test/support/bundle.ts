import { build, type Plugin } from 'esbuild';

/** Left to Node: what has files beside its code. */
const EXTERNAL = ['better-sqlite3', 'mysql2', 'pg', 'swagger-ui-dist'];

/** Packages that others load if they are there. */
const withoutMissing: Plugin = {
  name: 'without-missing',
  setup(asked) {
    asked.onResolve({ filter: /^[^.]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind === 'entry-point' || pluginData === 'asking') return undefined;
      const { errors } = await asked.resolve(path, { kind, resolveDir, pluginData: 'asking' });
      return errors.length > 0 ? { path, external: true } : undefined;
    });
  },
};

/** What is bundled. */
export interface Programs {
  /** Each program by its name. */
  files: Record<string, string>;
  /** Where the bundles go, each as its name and `.mjs`. */
  outdir: string;
  /** By which a package's entry point is chosen, besides those of Node. */
  conditions: string[];
  /** Fields by which a package without `exports` says where it begins. @default as Node has it */
  mainFields?: string[];
  /** Packages that are left to Node, besides those with files of their own. @default none */
  external?: string[];
  plugins?: Plugin[];
}

/**
 * Puts programs into few files, with the packages that they use. Specs start dozens of them, and each would take several
 * seconds of CPU to find, translate and read thousands of files.
 */
export async function bundle(programs: Programs): Promise<void> {
  const { files, outdir, conditions, mainFields, external = [], plugins = [] } = programs;
  await build({
    entryPoints: files,
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    keepNames: true,
    ...(mainFields !== undefined && { mainFields }),
    conditions,
    external: [...EXTERNAL, ...external],
    plugins: [...plugins, withoutMissing],
    banner: {
      js: "import{createRequire as newRequire}from'node:module';const require=newRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
}
