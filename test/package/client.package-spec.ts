import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { compile } from '../support/library/compile.js';
import {
  LibraryProject,
  type Manifest,
  packClient,
  packClientAnew,
} from '../support/library/packed-library.js';

/** One line is wrong, so that types that are not found are noticed. */
const PAGE = `
import { tagged, tasks, type TaggedResult } from 'tasktag-client';
export const send = tagged(fetch, { lookup: tasks({ url: '/tasks' }) });
export const outcome = (result: TaggedResult): string => result.outcome;
// @ts-expect-error There is no default for where to ask.
tagged(fetch, {});
`;

/** Loses an answer, and finds the task by its tag. */
const PROGRAM = `
const task = { uuid: '1', state: 'success', accepted: true, tag: 't' };
const losing = (url) =>
  String(url).startsWith('http://shop/tasks')
    ? Promise.resolve(Response.json({ tasks: [task] }))
    : Promise.reject(new TypeError('fetch failed'));
const send = tagged(losing, { lookup: tasks({ url: 'http://shop/tasks' }), deadlineMs: 5000 });
send('http://shop/orders', { method: 'POST', body: '{}', tag: 't' }).then(({ outcome }) => console.log(outcome));
`;

describe('the client kit as a package of its own', () => {
  let folder: string;
  let tarball: string;
  const installed = () => join(folder, 'node_modules', 'tasktag-client');
  const filesOf = (root: string) =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .sort();

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tasktag-page-'));
    tarball = packClient(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'page', private: true }));
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: folder });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('installs alone, and brings nothing along', () => {
    const packages = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(packages).toEqual(['tasktag-client']);
    const manifest = JSON.parse(readFileSync(join(installed(), 'package.json'), 'utf8')) as Manifest;
    expect({ ...manifest.dependencies, ...manifest.peerDependencies }).toEqual({});
    // docs/clients.md says how large it is.
    expect(statSync(tarball).size).toBeLessThan(40_000);
  });

  it('is the same file each time it is packed', () => {
    const other = join(folder, 'again');
    expect(readFileSync(packClientAnew(other)).equals(readFileSync(tarball))).toBe(true);
  });

  it('is the same code as `tasktag/client`, whole and nothing else', () => {
    const project = new LibraryProject();
    try {
      const room = project.files.filter((file) => /^(dist|cjs)\/client\//.test(file));
      const code = filesOf(installed()).filter((file) => /^(dist|cjs)\/.*\.(js|d\.ts)$/.test(file));
      expect(code).toEqual(room.map((file) => file.replace('/client/', '/')));
      for (const file of code) {
        const text = readFileSync(join(installed(), file), 'utf8');
        expect(text).toBe(project.read(file.replace('/', '/client/')));
      }
      const others = filesOf(installed()).filter((file) => !/^(dist|cjs)\//.test(file));
      expect(others).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
    } finally {
      project.remove();
    }
  });

  it.each([
    ['an ES module', 'page.mts', { module: 'node16' }],
    ['a CommonJS program', 'page.cts', { module: 'nodenext' }],
    ['a bundler', 'page.ts', { module: 'preserve', moduleResolution: 'bundler' }],
  ])('has types that %s finds, without Node’s', (_, file, options) => {
    writeFileSync(join(folder, file), PAGE);
    expect(compile(folder, [file], { types: [], lib: ['ES2023', 'DOM'], ...options })).toBe('');
  });

  it.each([
    ['imported', 'page.mjs', "import { tagged, tasks } from 'tasktag-client';"],
    ['required', 'page.cjs', "const { tagged, tasks } = require('tasktag-client');"],
  ])('works when it is %s', (_, file, line) => {
    writeFileSync(join(folder, file), `${line}\n${PROGRAM}`);
    expect(execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' })).toBe('accepted\n');
  });
});
