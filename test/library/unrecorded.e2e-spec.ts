import { Controller, Post } from '@nestjs/common';
import { Tracked } from '../../src/index.js';
import type { TestDatabase } from '../support/database/database.js';
import { keptDatabase } from '../support/database/kept-databases.js';
import { type HostSettings, singleTenant, startHost } from '../support/library/library-host.js';
import { TcpProxy } from '../support/network/tcp-proxy.js';

declare const testDatabase: TestDatabase['kind'];

const done: string[] = [];

@Controller('jobs')
class WorkController {
  @Post()
  @Tracked({ task: () => 'work', answerAgain: () => null })
  work() {
    return { n: done.push('work') };
  }

  @Post('nameless')
  @Tracked({ task: () => '' })
  nameless() {
    return { n: done.push('nameless') };
  }
}

describe.each<HostSettings>([{ platform: 'express' }, { platform: 'fastify' }])(
  "unrecorded: 'pass' lets a request without a tag pass while the database is down: %o",
  (settings) => {
    const start = (more: Partial<HostSettings> = {}) =>
      startHost({
        ...settings,
        controllers: [WorkController],
        options: { requester: singleTenant, unrecorded: 'pass' },
        ...more,
      });
    beforeEach(() => done.splice(0));

    it('but not when the tables are not there, which is the mistake of the host', async () => {
      const host = await start({ typeorm: { migrationsRun: false } });
      try {
        for (const call of [{}, { tag: 't' }]) {
          expect((await host.client.post('/jobs', {}, { token: null, ...call })).status).toBe(503);
        }
        expect(done).toEqual([]);
      } finally {
        await host.close();
      }
    });

    it('and not when the host tells what cannot be recorded', async () => {
      const host = await start();
      try {
        const call = { token: null };
        expect((await host.client.post('/jobs/nameless', {}, call)).status).toBe(500);
        expect(done).toEqual([]);
      } finally {
        await host.close();
      }
    });

    // A SQLite file does not go away.
    if (testDatabase !== 'sqlite') {
      it.each([
        ['cut', null],
        ['freeze', null],
        ['cut', 60_000],
      ] as const)('whether its connections are lost or hang: %s, lostAnswersMs: %s', async (trouble, ms) => {
        const database = await keptDatabase('library');
        const way = await TcpProxy.to(database.url);
        const host = await start({
          database: { ...database, url: way.url },
          options: { requester: singleTenant, unrecorded: 'pass', lostAnswersMs: ms },
        });
        const call = { token: null };
        try {
          await way[trouble]();
          // Together: each of them waits ten seconds for a database that hangs.
          const calls = [call, { ...call, tag: 't' }];
          const answers = await Promise.all(calls.map((one) => host.client.post('/jobs', {}, one)));
          expect(answers.map(({ status }) => status)).toEqual([201, 503]);
          expect(done).toHaveLength(1);
        } finally {
          if (trouble === 'cut') await way.open();
          else way.thaw();
          await host.close();
          await way.cut();
        }
      });
    }
  },
);
