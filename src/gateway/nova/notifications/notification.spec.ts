import { readNotification } from './notification.js';

/** The end of an `os-stop`, as Nova 26.2 has sent it; of the context there are the two ids only. */
const STOPPED = {
  message_id: '00f8fdc0-d3f3-4c82-abf4-23e1f44edc87',
  publisher_id: 'nova-compute:lab-compute-2',
  event_type: 'instance.power_off.end',
  priority: 'INFO',
  payload: {
    'nova_object.name': 'InstanceActionPayload',
    'nova_object.namespace': 'nova',
    'nova_object.version': '1.8',
    'nova_object.data': {
      fault: null,
      request_id: 'req-d7c015d1-b1b7-429e-834b-a8195a1337ac',
      uuid: '45f251c4-dae6-495c-853b-e9aab4319e29',
      user_id: '9ba61a668bcd483681198901ee236dac',
      tenant_id: 'd0a00bb40b1743029e834a2e1caef6d9',
      reservation_id: 'r-kxx0yton',
      display_name: 'notif-cap',
      state: 'stopped',
      power_state: 'shutdown',
      task_state: null,
    },
  },
  timestamp: '2026-11-23 07:47:07.467565',
  _unique_id: 'ca2e2dad59604909a66fda5945afc964',
  _context_request_id: 'req-d7c015d1-b1b7-429e-834b-a8195a1337ac',
  _context_global_request_id: 'req-01a2075f-79ea-7dd1-b285-4b4605049bb5',
};

function inEnvelope(message: unknown, version: unknown = '2.0'): Buffer {
  return Buffer.from(JSON.stringify({ 'oslo.version': version, 'oslo.message': JSON.stringify(message) }));
}

describe('a versioned notification', () => {
  it('names the task, and Nova’s request', () => {
    expect(readNotification(inEnvelope(STOPPED))).toEqual({
      messageId: '00f8fdc0-d3f3-4c82-abf4-23e1f44edc87',
      eventType: 'instance.power_off.end',
      sentAt: Date.UTC(2026, 10, 23, 7, 47, 7, 467),
      taskUuid: '01a2075f-79ea-7dd1-b285-4b4605049bb5',
      requestId: 'req-d7c015d1-b1b7-429e-834b-a8195a1337ac',
      data: STOPPED.payload['nova_object.data'],
    });
  });

  it('keeps nothing of the context but the two ids', () => {
    const secret = 'gAAAAA-a-token';
    const message = { ...STOPPED, _context_auth_token: secret, _context_user_name: secret };
    expect(JSON.stringify(readNotification(inEnvelope(message)))).not.toContain(secret);
  });

  it.each([
    ['nobody', null],
    ['another client, with a random uuid', 'req-6f70656e-7374-4b61-8063-6f6d70757465'],
    ['another client, with an id of its own', 'req-reconcile-42'],
    ['a uuid with more behind it', 'req-01a2075f-79ea-7dd1-b285-4b4605049bb5-2'],
    ['no text', 7],
  ])('is no task’s when it was caused by %s', (_, id) => {
    const message = { ...STOPPED, _context_global_request_id: id };
    expect(readNotification(inEnvelope(message)).taskUuid).toBeNull();
  });

  it.each([
    ['2026-11-23 07:47:07', Date.UTC(2026, 10, 23, 7, 47, 7)],
    ['2026-11-23 07:47:07.4', Date.UTC(2026, 10, 23, 7, 47, 7, 400)],
    ['yesterday', NaN],
    [undefined, NaN],
  ])('of %s is understood, whatever time it is here', (timestamp, expected) => {
    expect(readNotification(inEnvelope({ ...STOPPED, timestamp })).sentAt).toBe(expected);
  });

  it.each<[string, Buffer, string]>([
    ['of no bytes', Buffer.alloc(0), 'it is not JSON'],
    ['of any bytes', Buffer.from([0xff, 0xfe, 0x00, 0x7b]), 'it is not JSON'],
    ['that is a number', Buffer.from('7'), 'it is not a JSON object'],
    ['that is null', Buffer.from('null'), 'it is not a JSON object'],
    ['that is a list', Buffer.from('[{}]'), 'it is not a JSON object'],
    ['of the driver "messaging"', Buffer.from(JSON.stringify(STOPPED)), 'it has no envelope'],
    ['in an envelope of the future', inEnvelope(STOPPED, '3.0'), 'an unknown version'],
    ['in an envelope without a version', inEnvelope(STOPPED, null), 'it has no envelope'],
    [
      'whose inside is cut off',
      Buffer.from('{"oslo.version":"2.0","oslo.message":"{\\"a"}'),
      'it is not JSON',
    ],
    [
      'that is not versioned',
      inEnvelope({ ...STOPPED, payload: { state: 'active' } }),
      'not a versioned object',
    ],
    ['without a payload', inEnvelope({ ...STOPPED, payload: undefined }), 'not a versioned object'],
    ['without an id', inEnvelope({ ...STOPPED, message_id: undefined }), 'no id'],
    ['whose event type is no text', inEnvelope({ ...STOPPED, event_type: {} }), 'no event type'],
    ['that is too long', inEnvelope({ ...STOPPED, more: 'x'.repeat(1024 * 1024) }), 'bytes'],
  ])('is not what a message is %s', (_, content, reason) => {
    expect(() => readNotification(content)).toThrow(reason);
  });

  it('that is not understood is not quoted', () => {
    const content = Buffer.from('{"_context_auth_token": "gAAAAA-a-token" oops');
    expect(() => readNotification(content)).toThrow(/^it is not JSON$/);
  });
});
