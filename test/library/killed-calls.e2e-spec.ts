import { ClientProxyFactory, type ClientRMQ, RmqRecordBuilder, Transport } from '@nestjs/microservices';
import { connect } from 'amqplib';
import { Queue, QueueEvents } from 'bullmq';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom } from 'rxjs';
import type { TestDatabase } from '../support/database/database.js';
import { keptDatabase } from '../support/database/kept-databases.js';
import { CALLS_HOST, LibraryProcess } from '../support/library/process/library-process.js';
import type { CallsHostSettings, Step } from '../support/library/process/settings.js';
import type { Answer } from '../support/network/http.js';
import { describeWith, SERVICES } from '../support/services/services.js';
import { until } from '../support/until.js';

const BEFORE: Step = 'before the side effect';
const AFTER: Step = 'after the side effect';

describeWith('Redis', 'two processes on one database, of which one is killed', () => {
  describeWith('RabbitMQ', 'with all that it was doing,', () => {
    let database: TestDatabase;
    let effects: string;
    let killed: LibraryProcess;
    let other: LibraryProcess;
    let queue: Queue;
    let events: QueueEvents;
    let client: ClientRMQ;
    let name: string;
    const jobs: Record<string, Promise<unknown>> = {};
    const asked: Record<string, Promise<unknown>> = {};

    const message = (tag: string, hold: Step) =>
      new RmqRecordBuilder({ hold }).setOptions({ headers: { 'Task-tag': tag } }).build();
    const mutate = (host: LibraryProcess, tag: string, hold?: Step): Promise<Answer> =>
      host.client.post(
        '/graphql',
        { query: 'mutation { work }' },
        { token: null, tag, headers: hold === undefined ? {} : { 'X-Hold': hold } },
      );

    beforeAll(async () => {
      database = await keptDatabase('library');
      effects = mkdtempSync(join(tmpdir(), 'tasktag-effects-'));
      name = `tasktag-${randomUUID()}`;
      const { hostname: host, port } = new URL(SERVICES.Redis);
      const redis = { connection: { host, port: Number(port) }, prefix: name };
      [queue, events] = [new Queue('jobs', redis), new QueueEvents('jobs', redis)];
      const settings: CallsHostSettings = {
        databaseUrl: database.url,
        effects,
        pendingMs: 1000,
        settle: 'prevent',
        sweep: true,
        redis: SERVICES.Redis,
        rabbitmq: SERVICES.RabbitMQ,
        holds: true,
        queue: name,
      };
      killed = await LibraryProcess.start(settings, CALLS_HOST);
      client = ClientProxyFactory.create({
        transport: Transport.RMQ,
        options: { urls: [SERVICES.RabbitMQ], queue: name, queueOptions: { durable: false } },
      }) as ClientRMQ;
      await client.connect();
      for (const hold of [BEFORE, AFTER]) {
        const job = await queue.add('work', { hold }, { jobId: `job ${hold}` });
        await killed.untilHeld(hold);
        jobs[hold] = job.waitUntilFinished(events);
        asked[hold] = firstValueFrom(client.send('ask', message(`message ${hold}`, hold)));
        await killed.untilHeld(hold);
        await firstValueFrom(client.emit('tell', message(`event ${hold}`, hold)), { defaultValue: null });
        await killed.untilHeld(hold);
        void mutate(killed, `mutation ${hold}`, hold).catch(() => null);
        await killed.untilHeld(hold);
      }
      other = await LibraryProcess.start({ ...settings, holds: false }, CALLS_HOST);
      await killed.kill();
    }, 120_000);
    afterAll(async () => {
      await Promise.all([killed.kill(), other.kill()]);
      await client.close();
      await queue.obliterate({ force: true });
      await Promise.all([queue.close(), events.close()]);
      const connection = await connect(SERVICES.RabbitMQ);
      await (await connection.createChannel()).deleteQueue(name);
      await connection.close();
      await database.drop();
      rmSync(effects, { recursive: true });
    });

    const timesDone = (tag: string) =>
      readdirSync(effects).filter((file) => readFileSync(join(effects, file), 'utf8') === tag).length;
    const untilDone = (tag: string) =>
      until(`the task of "${tag}" to be a success: ${other.output}`, async () => {
        const found = await other.tasks(tag);
        return found[0]?.state === 'success' && found;
      });

    it('a stalled job that had not done its work does it once; one that had ends as it was found to have done', async () => {
      expect(await jobs[BEFORE]).toMatch(/^done as /);
      expect(await jobs[AFTER]).toMatch(/^found as /);
      expect([timesDone(`job ${BEFORE}`), timesDone(`job ${AFTER}`)]).toEqual([1, 1]);
    });

    it('a message that is delivered again is answered by the other process, and what it asks is done once', async () => {
      expect(await asked[BEFORE]).toMatch(/^done as /);
      expect(await asked[AFTER]).toMatch(/^found as /);
      expect([timesDone(`message ${BEFORE}`), timesDone(`message ${AFTER}`)]).toEqual([1, 1]);
    });

    it('an event that is delivered again is handled once', async () => {
      expect(await untilDone(`event ${BEFORE}`)).toHaveLength(2);
      expect(await untilDone(`event ${AFTER}`)).toHaveLength(1);
      expect([timesDone(`event ${BEFORE}`), timesDone(`event ${AFTER}`)]).toEqual([1, 1]);
    });

    it('a mutation that is sent again is carried out if it was not, and refused if it was', async () => {
      await until('the first one to be lost', async () => {
        const [task] = await other.tasks(`mutation ${BEFORE}`);
        return task.state === 'failure';
      });
      expect((await mutate(other, `mutation ${BEFORE}`)).json.data.work).toMatch(/^done as /);
      await untilDone(`mutation ${AFTER}`);
      const { errors } = (await mutate(other, `mutation ${AFTER}`)).json;
      expect(errors[0].message).toBe('That request is already accepted');
      expect([timesDone(`mutation ${BEFORE}`), timesDone(`mutation ${AFTER}`)]).toEqual([1, 1]);
    });

    it('and no message stays behind', async () => {
      await other.kill();
      const connection = await connect(SERVICES.RabbitMQ);
      const channel = await connection.createChannel();
      await until('the queue to be left', async () => (await channel.checkQueue(name)).consumerCount === 0);
      expect((await channel.checkQueue(name)).messageCount).toBe(0);
      await connection.close();
    });
  });
});
