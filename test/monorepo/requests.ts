import type { Deployment } from './support/deployment.js';

/** What clients of an application rely on, one request after the other. */
export function describeRequests(given: () => Deployment): void {
  const booking = (name: string, amount: unknown = 1) => ({ name, amount });

  it('runs its migrations beside those of its own', () => {
    expect(given().migrated).toEqual(
      expect.arrayContaining(['CreateTasks1780000000000', 'CreateBookings1790000000000']),
    );
    expect(given().migrate()).toEqual([]);
  });

  it('carries out a request once, and refuses the second one in the form of the house', async () => {
    const { app, partner } = given();
    const send = () => given().post(app.ordinary, booking('once'), { tag: 'once' });
    const first = await send();
    const { key } = await partner.job('once');
    expect(first).toMatchObject({ status: 201, json: { data: { number: `job of ${key}` } } });
    expect(first.headers[app.tagHeader.toLowerCase()]).toBe('once');
    const second = await send();
    expect(second.status).toBe(409);
    expect(second.json).toEqual({
      error: {
        status: 409,
        code: 'DUPLICATE_REQUEST',
        reason: 'That request is already accepted',
        task: expect.objectContaining({ uuid: key, state: 'success', tag: 'once', user_id: 'ann' }),
      },
    });
    expect(partner.times('once')).toBe(1);
  });

  it('tells what became of a request by its tag, to its own tenant and behind the guard of the house', async () => {
    await given().post(given().app.ordinary, booking('look'), { tag: 'look' });
    const { key } = await given().partner.job('look');
    const [task, ...more] = await given().tasks('look');
    expect(more).toEqual([]);
    expect(task).toMatchObject({ uuid: key, state: 'success', resource: { job: `job of ${key}` } });
    expect((await given().get(`/tasks/${key}`)).json).toEqual({ data: { task } });
    expect(await given().tasks('look', { tenant: 'zeta' })).toEqual([]);
    expect(await given().get('/tasks?tag=look', { user: null })).toMatchObject({
      status: 401,
      json: { error: { status: 401 } },
    });
  });

  it('keeps tenants apart', async () => {
    const { app, partner } = given();
    for (const tenant of ['acme', 'zeta']) {
      expect(await given().post(app.ordinary, booking('apart'), { tag: 'apart', tenant })).toMatchObject({
        status: 201,
      });
    }
    expect(partner.times('apart')).toBe(2);
  });

  it('does not take what the validation pipe refuses: the tag stays free', async () => {
    const { app, partner } = given();
    const wrong = () => given().post(app.ordinary, booking('wrong', 'many'), { tag: 'wrong' });
    for (const answer of [await wrong(), await wrong()]) {
      expect(answer).toMatchObject({ status: 400, json: { error: { status: 400 } } });
    }
    const left = { state: 'failure', accepted: false, fault: { code: 400 } };
    expect(await given().tasks('wrong')).toMatchObject([left, left]);
    expect((await given().post(app.ordinary, booking('wrong'), { tag: 'wrong' })).status).toBe(201);
    expect(partner.times('wrong')).toBe(1);
  });

  it('leaves no trace of a request that the guard has refused', async () => {
    const { app, partner } = given();
    const refused = await given().post(app.ordinary, booking('nobody'), { tag: 'nobody', user: null });
    expect(refused).toMatchObject({ status: 401, json: { error: { status: 401 } } });
    expect(await given().tasks('nobody')).toEqual([]);
    expect(partner.times('nobody')).toBe(0);
  });

  it('commits its own rows and the end of the task together, or neither', async () => {
    const { app } = given();
    const sender = { tenant: 'together' };
    const send = (amount: number) =>
      given().post(app.together, booking('row', amount), { ...sender, tag: 'row' });
    const tasks = () => given().tasks('row', sender);
    const rows = async () => (await given().get(app.together, sender)).json.data as unknown[];
    for (const answer of [await send(5000), await send(5000)]) expect(answer.status).toBe(422);
    expect(await tasks()).toMatchObject([
      { state: 'failure', accepted: false },
      { state: 'failure', accepted: false },
    ]);
    expect(await rows()).toEqual([]);
    const { status, json } = await send(7);
    expect(status).toBe(201);
    expect(await rows()).toEqual([json.data]);
    const [task] = await tasks();
    expect(task).toMatchObject({ uuid: json.data.id, state: 'success', resource: { booking: json.data.id } });
    expect((await send(7)).status).toBe(409);
    expect(await rows()).toHaveLength(1);
  });

  it('sends the first answer again, in one envelope, less what must not be kept', async () => {
    const { app } = given();
    const send = () => given().post(app.replayed, booking('again'), { tag: 'again' });
    const [first, second] = [await send(), await send()];
    expect(first).toMatchObject({ status: 201, json: { data: { name: 'again', key: expect.any(String) } } });
    expect(first.headers['task-replayed']).toBeUndefined();
    expect(second.status).toBe(201);
    expect(second.headers['task-replayed']).toBe('true');
    expect(second.headers['content-type']).toBe(first.headers['content-type']);
    expect(second.text).toBe(first.text.replace(JSON.stringify(first.json.data.key), 'null'));
    expect(second.json.data.key).toBeNull();
  });

  it('follows work that goes on after the answer to its end', async () => {
    const { app, partner } = given();
    partner.hold('later');
    expect((await given().post(app.later, booking('later'), { tag: 'later' })).status).toBe(202);
    const { key } = await partner.job('later');
    expect(await given().tasks('later')).toMatchObject([{ uuid: key, state: 'processing', accepted: true }]);
    partner.letGo('later');
    expect(await given().untilState('later', 'success')).toMatchObject({
      resource: { job: `job of ${key}` },
    });
    expect((await given().post(app.later, booking('later'), { tag: 'later' })).status).toBe(409);
    expect(partner.times('later')).toBe(1);
  });

  it('records a handler that sends its answer itself', async () => {
    const { app } = given();
    const send = () => given().post(app.byHand, booking('by hand'), { tag: 'by hand' });
    const first = await send();
    expect(first).toMatchObject({ status: 201, text: expect.stringMatching(/ for by hand$/) });
    expect(first.headers['content-type']).toMatch(/^text\/plain/);
    expect(await given().tasks('by hand')).toMatchObject([{ state: 'success' }]);
    expect(await send()).toMatchObject({ status: 409, json: { error: { code: 'DUPLICATE_REQUEST' } } });
  });
}
