import { newsOf } from './notification-news.js';
import type { Notification } from './notification.js';

const UUID = '01a2075f-79ea-7dd1-b285-4b4605049bb5';
const REQUEST_ID = 'req-d7c015d1-b1b7-429e-834b-a8195a1337ac';
const NOW = 1_800_000_000_000;

function notification(eventType: string, more: Partial<Notification> = {}): Notification {
  const messageId = '00f8fdc0-d3f3-4c82-abf4-23e1f44edc87';
  return { messageId, eventType, sentAt: NOW, taskUuid: UUID, requestId: REQUEST_ID, data: {}, ...more };
}

/** What is told of events in their order: `accepted`, `look` or `failed`. */
function told(...eventTypes: string[]): string[] {
  const words = { processing: 'accepted', undetermined: 'look', failure: 'failed' };
  let isFirst = true;
  return eventTypes.flatMap((eventType) =>
    newsOf(notification(eventType), isFirst, NOW).map(({ outcome }) => {
      if (outcome.state === 'processing') isFirst = false;
      return `${words[outcome.state as keyof typeof words]} by ${eventType}`;
    }),
  );
}

describe('the news of a notification', () => {
  it('are that a stop was accepted, and then where to look for its end', () => {
    expect(newsOf(notification('instance.power_off.start'), true, NOW)).toEqual([
      { uuid: UUID, outcome: { state: 'processing', requestId: REQUEST_ID, lookAgainAt: NOW + 5000 } },
    ]);
    expect(newsOf(notification('instance.power_off.end'), false, NOW)).toEqual([
      { uuid: UUID, outcome: { state: 'undetermined', lookAgainAt: NOW } },
    ]);
  });

  it('are both when the end is the first that is heard, and do not put the look off', () => {
    expect(newsOf(notification('instance.power_off.end'), true, NOW)).toEqual([
      { uuid: UUID, outcome: { state: 'processing', requestId: REQUEST_ID, lookAgainAt: NOW } },
      { uuid: UUID, outcome: { state: 'undetermined', lookAgainAt: NOW } },
    ]);
  });

  it('are none for what no task has caused', () => {
    const foreign = { taskUuid: null };
    expect(newsOf(notification('instance.power_off.end', foreign), true, NOW)).toEqual([]);
    expect(newsOf(notification('instance.reboot.error', foreign), true, NOW)).toEqual([]);
  });

  // The orders are those that Nova 26.2 has sent.
  it('of a create are told once, without a server: several have one request', () => {
    expect(
      told(
        'scheduler.select_destinations.start',
        'scheduler.select_destinations.end',
        'instance.update',
        'instance.create.start',
        'instance.create.start',
        'instance.update',
        'instance.create.end',
        'instance.create.end',
      ),
    ).toEqual([
      'accepted by instance.create.start',
      'look by instance.create.end',
      'look by instance.create.end',
    ]);
    const data = { uuid: '45f251c4-dae6-495c-853b-e9aab4319e29' };
    const [accepted] = newsOf(notification('instance.create.start', { data }), true, NOW);
    expect(accepted?.outcome).not.toHaveProperty('resource');
  });

  it('of a create that no host takes are where to look', () => {
    expect(
      told(
        'scheduler.select_destinations.start',
        'compute_task.build_instances.error',
        'instance.update',
        'compute.exception',
      ),
    ).toEqual(['look by compute_task.build_instances.error', 'look by compute.exception']);
  });

  it('of a resize are not where its steps end', () => {
    const steps = [
      'instance.update',
      'scheduler.select_destinations.start',
      'scheduler.select_destinations.end',
      'instance.exists',
      'instance.resize_prep.start',
      'instance.resize_prep.end',
      'instance.resize.start',
    ];
    const accepted = 'accepted by instance.resize_prep.start';
    expect(
      told(
        ...steps,
        'instance.resize.end',
        'instance.resize_finish.start',
        'instance.update',
        'instance.resize_finish.end',
      ),
    ).toEqual([accepted, 'look by instance.resize_finish.end']);
    expect(told(...steps, 'instance.resize.error')).toEqual([accepted, 'look by instance.resize.error']);
  });

  it('of a delete are where it ends', () => {
    expect(
      told(
        'instance.update',
        'instance.delete.start',
        'instance.shutdown.start',
        'instance.shutdown.end',
        'instance.update',
        'instance.delete.end',
      ),
    ).toEqual(['accepted by instance.delete.start', 'look by instance.delete.end']);
  });

  it('do not call accepted what Nova may still answer 4xx', () => {
    expect(told('instance.interface_attach.start', 'compute.exception')).toEqual([
      'look by compute.exception',
    ]);
    expect(told('instance.interface_attach.start', 'instance.interface_attach.error')).toEqual([
      'look by instance.interface_attach.error',
    ]);
    expect(told('instance.update', 'compute.exception')).toEqual(['look by compute.exception']);
    expect(told('scheduler.select_destinations.start', 'compute_task.migrate_server.error')).toEqual([
      'look by compute_task.migrate_server.error',
    ]);
    expect(told('instance.interface_attach.start', 'instance.interface_attach.end')).toEqual([
      'accepted by instance.interface_attach.end',
      'look by instance.interface_attach.end',
    ]);
  });

  it('of a snapshot name the image, also when the answer that named it was lost', () => {
    const data = { snapshot_image_id: '0194dfc4-5d81-4288-939b-c4b6076fda97' };
    const [accepted, look] = newsOf(notification('instance.snapshot.end', { data }), true, NOW);
    expect(accepted?.outcome).toMatchObject({ resource: { image: data.snapshot_image_id } });
    expect(look?.outcome.state).toBe('undetermined');
    expect(newsOf(notification('instance.snapshot.end'), true, NOW)[0]?.outcome).not.toHaveProperty(
      'resource',
    );
  });

  it.each([
    ['', ''],
    ['instance', ''],
    ['instance.lock', ''],
    ['instance.evacuate', ''],
    ['flavor.create', ''],
    ['server_group.add_member', ''],
    ['compute_task.rebuild_server.start', ''],
    ['keypair.import.end', ''],
  ])('are none for %s', (eventType) => {
    expect(told(eventType)).toEqual([]);
  });

  it('leave out a request id that is not there', () => {
    const [accepted] = newsOf(notification('instance.create.start', { requestId: null }), true, NOW);
    expect(accepted?.outcome).not.toHaveProperty('requestId');
  });

  describe('of a reboot that failed with the guest still running', () => {
    function failure(fault: unknown) {
      return newsOf(notification('instance.reboot.error', { data: { fault } }), true, NOW);
    }

    function exception(data: object) {
      return { 'nova_object.name': 'ExceptionPayload', 'nova_object.data': data };
    }

    it('are its failure, with the reason', () => {
      const fault = exception({ exception: 'UnsupportedVirtType', exception_message: 'No such type' });
      expect(failure(fault)).toEqual([
        {
          uuid: UUID,
          outcome: { state: 'failure', requestId: REQUEST_ID, fault: { code: 500, message: 'No such type' } },
        },
      ]);
    });

    it('leave out the traceback of another process', () => {
      const text =
        'Instance x could not be found.\nTraceback (most recent call last):\n\n  File "/a.py", line 1';
      const [news] = failure(exception({ exception: 'InstanceNotFound_Remote', exception_message: text }));
      expect(news?.outcome).toMatchObject({ fault: { message: 'Instance x could not be found.' } });
    });

    it.each([
      [exception({ exception: 'Timeout', exception_message: '' }), 'Timeout'],
      [exception({ exception_message: 7 }), 'The reboot failed'],
      [null, 'The reboot failed'],
      ['boom', 'The reboot failed'],
    ])('have a text without one too', (fault, message) => {
      expect(failure(fault)[0]?.outcome).toMatchObject({ fault: { message } });
    });
  });
});
