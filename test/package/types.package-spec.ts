import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../support/library/compile.js';
import { LibraryProject } from '../support/library/packed-library.js';

/** Uses each entry point; one line is wrong, so that types that are not found are noticed. */
const HOST = `
import { singleTenant, type Task, TasksModule, Tracked } from 'tasktag';
import { tagged, tasks, type TaggedResult } from 'tasktag/client';
import { ApiTaskTag } from 'tasktag/openapi';

export const module = TasksModule.forRoot({ requester: singleTenant });
export const state = (task: Task): 'pending' | 'processing' | 'success' | 'failure' | 'unknown' => task.state;
export const send = tagged(fetch, { lookup: tasks({ url: '/tasks' }) });
export const outcome = (result: TaggedResult): string => result.outcome;

export class Orders {
  @ApiTaskTag()
  @Tracked<{ id: string }>({ task: () => 'order', outcome: ({ id }) => ({ state: 'success', resource: { id } }) })
  place() {
    return { id: '1' };
  }
}

// @ts-expect-error There is no default for the tenant.
TasksModule.forRoot({});
`;

describe('the types of the packed library', () => {
  let project: LibraryProject;
  beforeAll(() => {
    project = new LibraryProject(['@types/node']);
  });
  afterAll(() => project.remove());

  it.each([
    ['an ES module', 'host.mts', { skipLibCheck: false }],
    ['CommonJS', 'host.cts', {}],
    ['a bundler', 'host.ts', { module: 'preserve', moduleResolution: 'bundler' }],
    [
      'CommonJS as it was resolved before Node 12',
      'host.ts',
      { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
    ],
  ])('are found by a host that is %s', (_, file, options) => {
    writeFileSync(join(project.folder, file), HOST);
    expect(compile(project.folder, [file], { skipLibCheck: true, ...options })).toBe('');
  });

  it('of the client need neither Nest nor Node', () => {
    const client = HOST.split('\n').filter(
      (line) => /client|send|outcome/.test(line) && !/Tracked/.test(line),
    );
    writeFileSync(join(project.folder, 'page.mts'), client.join('\n'));
    expect(compile(project.folder, ['page.mts'], { types: [], lib: ['ES2023', 'DOM'] })).toBe('');
  });
});
