import { WHY_OPEN } from '../observation/why-open.js';
import type { Outcome } from '../../../tasks/task.states.js';
import { outcomeOfAnswer } from './answer-outcome.js';

const REQUEST_ID = 'req-07740829-e420-4a61-b324-08458fae63f5';
const SERVER = '2ddb6fcb-218a-43bb-b652-5f5f3df153dc';
const LOOK = 1000;

interface Given {
  task?: string;
  status: number;
  body?: unknown;
  headers?: string[];
  serverId?: string | null;
  subresourceId?: string | null;
  sent?: object | null;
}

/** What an answer of Nova's own says. */
function outcome({
  task = 'create',
  status,
  body,
  headers = [],
  serverId = null,
  subresourceId = null,
  sent = null,
}: Given): Outcome {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
  const rawHeaders = ['Content-Type', 'application/json', 'X-Compute-Request-Id', REQUEST_ID, ...headers];
  const answer = { status, statusText: 'Text', rawHeaders, body: Buffer.from(text) };
  return outcomeOfAnswer(answer, { task, serverId, subresourceId, body: sent }, LOOK);
}

describe('what an answer says of a task', () => {
  it('a server is being made', () => {
    expect(outcome({ status: 202, body: { server: { id: SERVER } } })).toEqual({
      state: 'processing',
      requestId: REQUEST_ID,
      resource: { server: SERVER },
      lookAgainAt: LOOK,
    });
  });

  it('a reservation names no server, but itself', () => {
    expect(outcome({ status: 202, body: { reservation_id: 'r-1' } })).toMatchObject({
      state: 'processing',
      resource: { reservation: 'r-1' },
    });
  });

  it.each([
    ['createImage', { body: { image_id: 'i' } }, { image: 'i' }],
    ['createImage', { body: '', headers: ['Location', 'http://glance/images/i'] }, { image: 'i' }],
    ['attach_volume', { body: { volumeAttachment: { volumeId: 'v' } } }, { volume: 'v' }],
    ['detach_volume', { subresourceId: 'v' }, { volume: 'v' }],
    ['reboot', {}, {}],
  ])('%s names what it acts on: %j', (task, given, resource) => {
    expect(outcome({ task, status: 202, serverId: SERVER, ...given })).toMatchObject({
      state: 'processing',
      resource: { server: SERVER, ...resource },
    });
  });

  it.each(['lock', 'unlock', 'changePassword', 'resetState', 'addSecurityGroup'])('%s is done', (task) => {
    expect(outcome({ task, status: 202, serverId: SERVER })).toMatchObject({ state: 'success' });
  });

  it('an interface is attached, and to which network', () => {
    const body = { interfaceAttachment: { net_id: 'n' } };
    expect(outcome({ task: 'attach_interface', status: 200, serverId: SERVER, body })).toMatchObject({
      state: 'success',
      resource: { server: SERVER, network: 'n' },
    });
  });

  it.each([400, 401, 403, 404, 409, 413, 429])('%d of Nova’s is a rejection, in its words', (status) => {
    const body = { anyName: { code: status, message: 'Why' } };
    expect(outcome({ status, body })).toEqual({
      state: 'rejected',
      requestId: REQUEST_ID,
      fault: { code: status, message: 'Why' },
    });
  });

  it('keystonemiddleware that cannot ask Keystone has let nothing in', () => {
    const down = {
      title: 'Service Unavailable',
      message: 'The Keystone service is temporarily unavailable.',
    };
    expect(outcome({ status: 503, body: { error: down } })).toMatchObject({ state: 'rejected' });
  });

  it.each([500, 502, 503, 504, 300, 302])('%d says nothing, though it is Nova’s', (status) => {
    expect(outcome({ status })).toEqual({
      state: 'unknown',
      requestId: REQUEST_ID,
      why: WHY_OPEN.answeredWithError,
    });
  });

  it('a volume is named by the request when the answer is empty', () => {
    const sent = { volumeAttachment: { volumeId: 'v' } };
    const told = outcome({ task: 'attach_volume', serverId: SERVER, status: 202, body: '', sent });
    expect(told).toMatchObject({ resource: { server: SERVER, volume: 'v' } });
  });

  it.each([413, 429, 431])('%d is a refusal, whoever says so', (status) => {
    const fault = { code: status, message: 'Text' };
    expect(outcome({ status })).toEqual({ state: 'rejected', requestId: REQUEST_ID, fault });
    const answer = {
      status,
      statusText: '',
      rawHeaders: ['Content-Type', 'text/html'],
      body: Buffer.from('<html>'),
    };
    const request = { task: 'create', serverId: null, subresourceId: null, body: null };
    expect(outcomeOfAnswer(answer, request, LOOK)).toEqual({
      state: 'rejected',
      fault: { code: status, message: 'The request was refused.' },
    });
  });

  it('of a volume, that Nova waited in vain for another of its services says nothing at all', () => {
    const message = "Unexpected API Error. \n<class 'oslo_messaging.exceptions.MessagingTimeout'>";
    const body = { computeFault: { code: 500, message } };
    expect(outcome({ task: 'attach_volume', status: 500, body })).toEqual({
      state: 'unknown',
      why: WHY_OPEN.answeredWithError,
    });
    expect(outcome({ task: 'reboot', status: 500, body })).toMatchObject({ requestId: REQUEST_ID });
  });

  it.each([200, 202, 400, 404, 502, 504])('%d of somebody between says nothing', (status) => {
    const answer = {
      status,
      statusText: '',
      rawHeaders: ['Content-Type', 'text/html', 'X-OpenStack-Request-ID', REQUEST_ID],
      body: Buffer.from('<html>'),
    };
    expect(
      outcomeOfAnswer(answer, { task: 'create', serverId: null, subresourceId: null, body: null }, LOOK),
    ).toEqual({
      state: 'unknown',
      why: WHY_OPEN.answeredByAnother,
    });
  });

  it.each(['', '{', 'null', '[]', '"x"', '{"a":null}'])(
    'a body that is none of Nova’s does no harm: %s',
    (body) => {
      expect(outcome({ status: 400, body })).toMatchObject({ fault: { code: 400, message: 'Text' } });
      expect(outcome({ status: 202, body }).state).toBe('processing');
    },
  );
});
