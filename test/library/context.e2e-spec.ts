import { Body, Controller, Post } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from 'typeorm';
import { Tracked } from '../../src/index.js';
import { type LibraryHost, singleTenant, startHost } from '../support/library/library-host.js';

/** The context of a request, as packages for tracing and for transactions keep it. */
const request = new AsyncLocalStorage<string>();

/** The contexts that statements of the module were sent in. */
const sent: { sql: string; of: string | undefined }[] = [];

const seen: (string | undefined)[] = [];

@Controller('works')
class WorksController {
  @Post()
  @Tracked({ task: () => 'work' })
  work(@Body() body: object) {
    seen.push(request.getStore());
    return body;
  }
}

const logger = {
  logQuery: (sql: string) => {
    if (/^(INSERT|UPDATE|SET STATEMENT|BEGIN)/.test(sql)) sent.push({ sql, of: request.getStore() });
  },
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
} satisfies Logger;

describe('what is written for several requests at once', () => {
  let host: LibraryHost;
  beforeAll(async () => {
    host = await startHost({
      platform: 'express',
      typeorm: { logger },
      controllers: [WorksController],
      options: { requester: singleTenant },
      prepare: (app) =>
        void app.use((given: { headers: Record<string, string> }, _: unknown, next: () => void) =>
          request.run(given.headers['task-tag'] ?? '', next),
        ),
    });
  });
  afterAll(() => host.close());

  it('is sent in the context of none of them, and their handlers run in their own', async () => {
    sent.length = 0;
    const tags = ['one', 'two', 'three'];
    const answers = await Promise.all(
      tags.map((tag) => host.client.post('/works', {}, { token: null, tag })),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(seen.sort()).toEqual([...tags].sort());
    expect(sent.length).toBeGreaterThanOrEqual(2);
    expect(sent.filter(({ of }) => of !== undefined)).toEqual([]);
  });
});
