import { until } from '../support/until.js';
import type { Deployment } from './support/deployment.js';

/** What holds for an application that is served by several processes, which may end at any time. */
export function describeProcesses(given: () => Deployment): void {
  const send = (name: string, shop = given().one) =>
    given().post(given().app.ordinary, { name, amount: 1 }, { tag: name }, shop);

  it('carries out once what comes to two processes at the same time', async () => {
    const { one, other, partner } = given();
    for (const name of ['first race', 'second race', 'third race', 'fourth race', 'fifth race']) {
      const answers = await Promise.all([send(name, one), send(name, other)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
      expect(partner.times(name)).toBe(1);
    }
  });

  it('does not know what became of the requests of a process that was killed, until the partner tells', async () => {
    const { partner } = given();
    const killed = await given().another();
    const jobs = [];
    for (const name of ['was done', 'was never begun']) {
      partner.hold(name);
      void send(name, killed).catch(() => undefined);
      jobs.push(await partner.job(name));
    }
    // On a busy machine it may be unknown already: these shops wait a second for the sign of life of a process.
    expect(await given().tasks('was done')).toMatchObject([{ uuid: jobs[0]?.key, accepted: null }]);
    await killed.kill();
    for (const [n, name] of ['was done', 'was never begun'].entries()) {
      expect(await given().untilState(name, 'unknown')).toMatchObject({ uuid: jobs[n]?.key, accepted: null });
      expect(await send(name)).toMatchObject({
        status: 409,
        json: { error: { task: { state: 'unknown' } } },
      });
    }
    const [done, never] = jobs as [(typeof jobs)[0], (typeof jobs)[0]];
    partner.tells(done, 'done');
    partner.tells(never, 'never');
    const resource = { job: `job of ${done.key}` };
    expect(await given().untilState('was done', 'success')).toMatchObject({ resource });
    expect((await send('was done')).status).toBe(409);
    expect(partner.times('was done')).toBe(1);
    expect(await given().untilState('was never begun', 'failure')).toMatchObject({ accepted: false });
    partner.letGo('was never begun');
    expect((await send('was never begun')).status).toBe(201);
  });

  it('answers what is under way before it stops, and ends well', async () => {
    const { partner, other: stopped } = given();
    partner.hold('last');
    const answer = send('last', stopped);
    await partner.job('last');
    const code = stopped.stop();
    await until('the process to stop', () => stopped.output.includes('stopping'));
    partner.letGo('last');
    expect((await answer).status).toBe(201);
    expect(await code).toBe(0);
    expect(await given().tasks('last')).toMatchObject([{ state: 'success' }]);
  });
}
