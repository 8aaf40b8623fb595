// Builds the console's page from src/console/page/ into dist/console/built-page.js, as texts: hosts need no other file,
// and none of the packages that the page is made with.
import { build } from 'esbuild';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src', 'console', 'page');

const { outputFiles, metafile } = await build({
  entryPoints: { app: join(source, 'main.tsx'), style: join(source, 'style', 'style.css') },
  outdir: 'page',
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  format: 'esm',
  target: ['es2022', 'chrome116', 'firefox124', 'safari17.4'],
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
});

/** The licences of the packages in the page, which go where their code goes. */
const packages = [
  ...new Set(
    Object.keys(metafile.inputs).flatMap((file) => /node_modules\/((@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []),
  ),
];
const licences = packages.map((name) => {
  const text = readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8');
  return `/*! ${name}\n\n${text.trim()}\n*/\n`;
});

const built = Object.fromEntries(outputFiles.map(({ path, text }) => [path.split(sep).at(-1), text]));
const page = {
  'index.html': readFileSync(join(source, 'index.html'), 'utf8'),
  'icon.svg': readFileSync(join(source, 'icon.svg'), 'utf8'),
  'app.js': licences.join('') + built['app.js'],
  'style.css': built['style.css'],
};
const code = `export const BUILT_PAGE = ${JSON.stringify(page, null, 1)};\n`;
const target = join(root, 'dist', 'console', 'built-page.js');
writeFileSync(target, code);
// That is of the file which this one replaces.
rmSync(`${target}.map`, { force: true });
