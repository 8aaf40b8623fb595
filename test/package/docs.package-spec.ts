import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../support/library/compile.js';
import { filesOf, programsOf } from '../support/library/programs-of-page.js';
import { LibraryProject, packClient, ROOT, unpack } from '../support/library/packed-library.js';

/** The pages for hosts of the library. */
const PAGES = [
  'README.md',
  'library/README.md',
  'library/client/README.md',
  ...readdirSync(join(ROOT, 'docs', 'library')).map((name) => `docs/library/${name}`),
];

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
      const text = readFileSync(join(ROOT, page), 'utf8');
      const programs = programsOf(text).map((program, n) => [`${page}.${n + 1}.ts`, program] as const);
      const together = [...filesOf(text)].map(([file, part]) => [join(`${page}.files`, file), part] as const);
      return [...programs, ...together].map(([file, program]) => {
        mkdirSync(join(project.folder, file, '..'), { recursive: true });
        // A module, whatever it imports.
        writeFileSync(join(project.folder, file), `${program}\nexport {};\n`);
        return file;
      });
    });
    expect(files.length).toBeGreaterThan(3);
    expect(compile(project.folder, files, { skipLibCheck: true, types: ['node', 'jest'] })).toBe('');
  });

  it('show the files that `nest add tasktag` writes', () => {
    const shown = filesOf(readFileSync(join(ROOT, 'docs', 'library', 'guide.md'), 'utf8'));
    const templates = join(ROOT, 'library', 'schematics', 'files');
    const all = readdirSync(templates, { recursive: true, encoding: 'utf8' });
    const written = all.filter((name) => name.endsWith('.ts.template'));
    expect(written.length).toBeGreaterThan(3);
    for (const name of written) {
      const text = readFileSync(join(templates, name), 'utf8').replaceAll('{{js}}', '.js');
      expect(shown.get(join('src', name.replace('.template', '')))).toBe(text);
    }
  });
});
