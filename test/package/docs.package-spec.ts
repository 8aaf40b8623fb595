import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../support/library/compile.js';
import { LibraryProject, packClient, ROOT, unpack } from '../support/library/packed-library.js';

/** The pages for hosts of the library. */
const PAGES = [
  'README.md',
  'library/README.md',
  'library/client/README.md',
  ...readdirSync(join(ROOT, 'docs', 'library')).map((name) => `docs/library/${name}`),
];

/**
 * The programs of a page: each block of `ts` is one, and those marked `ts continues` go on with the one before. Lines keep
 * their numbers, so that the compiler tells where on the page something is wrong.
 */
function programsOf(page: string): string[] {
  const programs: string[][] = [];
  let program: string[] | null = null;
  for (const [index, line] of page.split('\n').entries()) {
    if (/^```ts\b/.test(line)) {
      if (!/^```ts continues$/.test(line)) programs.push([]);
      program = programs.at(-1) ?? null;
    } else if (line === '```') program = null;
    else if (program !== null) program[index] = line;
  }
  return programs.map((lines) => Array.from(lines, (line) => line ?? '').join('\n'));
}

describe('the examples in the documents', () => {
  let project: LibraryProject;
  beforeAll(() => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    ) as Record<'dependencies' | 'devDependencies', object>;
    project = new LibraryProject([...Object.keys({ ...dependencies, ...devDependencies })]);
    unpack(packClient(project.folder), join(project.folder, 'node_modules'), 'tasktag-client');
    writeFileSync(join(project.folder, 'package.json'), JSON.stringify({ type: 'module' }));
  });
  afterAll(() => project.remove());

  it('compile against the packed library', () => {
    const files = PAGES.flatMap((page) => {
      const programs = programsOf(readFileSync(join(ROOT, page), 'utf8'));
      return programs.map((program, index) => {
        const file = `${page}.${index + 1}.ts`;
        mkdirSync(join(project.folder, file, '..'), { recursive: true });
        // A module, whatever it imports.
        writeFileSync(join(project.folder, file), `${program}\nexport {};\n`);
        return file;
      });
    });
    expect(files.length).toBeGreaterThan(3);
    expect(compile(project.folder, files, { skipLibCheck: true })).toBe('');
  });
});
