// The CommonJS form of the built code, and the exports that lead to either form.
//
// Node takes the ES modules of dist/, for `import` and for `require()` alike (`module-sync`): so a process has one copy,
// and `Task`, `TasksModule` and the keys of metadata are the same for all its code. cjs/ is for what cannot load an ES
// module: Jest as `nest new` of Nest 11 and Nx set it up, and old resolvers. It is the same code, not built anew.
import ts from 'typescript';

/** Says to Node and TypeScript what the files of cjs/ are. */
export const CJS_MANIFEST = `${JSON.stringify({ type: 'commonjs' })}\n`;

/**
 * The CommonJS form of a built ES module.
 *
 * @throws Error for one that has no such form
 */
export function toCommonJs(file, code) {
  const { outputText } = ts.transpileModule(code, {
    fileName: file,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2023,
      esModuleInterop: true,
      allowJs: true,
    },
  });
  if (/\bimport\.meta\b/.test(outputText))
    throw new Error(`${file} has import.meta, which CommonJS does not know.`);
  return outputText;
}

/** The exports of a package, from those of its ES modules in dist/. */
export function bothExports(exports) {
  return Object.fromEntries(Object.entries(exports).map(([entry, target]) => [entry, both(target)]));
}

function both(target) {
  if (typeof target === 'string') return target;
  const inCjs = (path) => path.replace(/^\.\/dist\//, './cjs/');
  const { types, default: code } = target;
  return {
    'module-sync': { types, default: code },
    import: { types, default: code },
    require: { types: inCjs(types), default: inCjs(code) },
    default: { types, default: code },
  };
}
