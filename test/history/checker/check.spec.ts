import type { Entry } from '../journal/entries.js';
import { check } from './check.js';
import {
  asked,
  effect,
  OTHER_SERVER,
  OTHER_TASK,
  read,
  refused,
  rejectedTask,
  request,
  sent,
  SERVER,
  soundHistory,
  task,
} from './written-history.js';

const REBOOT = request({ request: 'r9', action: 'reboot', server: SERVER });
const reboot = { task: 'reboot' };

/** Histories with one fault each: what is wrong, the one property that says so, and the history. */
const PLANTED: [string, string, Entry[]][] = [
  [
    'two servers of one create',
    'one effect',
    [request(), sent(1, 2), read([task()]), effect(), effect({ id: OTHER_SERVER, server: OTHER_SERVER })],
  ],
  [
    'a reboot that was done twice',
    'one effect',
    [
      REBOOT,
      sent(1, 2, { request: 'r9' }),
      read([task(reboot)]),
      effect({ id: 'op1', action: 'reboot' }),
      effect({ id: 'op2', action: 'reboot' }),
    ],
  ],
  [
    'a server that nobody asked for',
    'asked for',
    [request(), sent(1, 2), read([task()]), effect(), effect({ id: OTHER_SERVER, name: 'vm-of-nobody' })],
  ],
  [
    'two copies that were both accepted',
    'accepted once',
    [request(), sent(1, 2), sent(1, 3, { replica: 2 }), read([task()]), effect()],
  ],
  [
    'a 202 and no server',
    'accepted has an effect',
    [request(), sent(1, 2), read([task({ state: 'failure' })])],
  ],
  [
    'a success that was never done',
    'accepted has an effect',
    [REBOOT, sent(1, 2, { request: 'r9', status: null }), read([task(reboot)])],
  ],
  [
    'a 202 that names another server',
    'accepted has an effect',
    [request(), sent(1, 2, { server: OTHER_SERVER }), read([task()]), effect()],
  ],
  [
    'a server whose record is gone',
    'effect is recorded',
    [request(), sent(1, 2, { status: null }), read([]), effect()],
  ],
  [
    'a rejected task that was done',
    'rejected has no effect',
    [request(), sent(1, 2, { status: 503 }), read([rejectedTask()]), effect()],
  ],
  [
    'a rejected task that was done beside one that was accepted',
    'rejected has no effect',
    [
      request(),
      sent(1, 2, { status: null }),
      read([rejectedTask({ uuid: OTHER_TASK }), task({ state: 'failure' })]),
      effect({ task: OTHER_TASK }),
    ],
  ],
  [
    'a 404 after a 202, at another replica',
    'accepted is found',
    [request(), sent(1, 2), asked(2.1, 3, [], { replica: 2 }), read([task()]), effect()],
  ],
  [
    'an empty list after a 202',
    'accepted is found',
    [request(), sent(1, 2), asked(3, 4, [], { kind: 'query', status: 200 }), read([task()]), effect()],
  ],
  [
    'a 404 after a refusal that had shown the task',
    'not found is true',
    [
      request(),
      sent(1, 9, { status: null }),
      refused(2, 3, task({ state: 'pending' })),
      asked(4, 5, []),
      read([task()]),
      effect(),
    ],
  ],
  [
    'a 404 when the server was there already, though its answer was lost',
    'not found is true',
    [request(), sent(1, 9, { status: null }), asked(4, 5, []), read([task()]), effect({ begunBy: 3900 })],
  ],
  [
    'a task that is not found by the uuid that was shown',
    'not found is true',
    [
      request(),
      sent(1, 9, { status: null }),
      asked(2, 3, [task({ state: 'pending' })]),
      asked(4, 5, [], { kind: 'uuid', task: task().uuid }),
      read([task()]),
      effect(),
    ],
  ],
  [
    'a task that is processing, and then pending at another replica',
    'states move forward',
    [
      request(),
      sent(1, 9, { status: null }),
      asked(2, 3, [task({ state: 'processing' })]),
      asked(4, 5, [task({ state: 'pending' })], { replica: 2 }),
      read([task()]),
      effect(),
    ],
  ],
  [
    'a success that becomes a failure',
    'states move forward',
    [request(), sent(1, 2), asked(3, 4, [task()]), read([task({ state: 'failure' })]), effect()],
  ],
  [
    'a task that moves to another server',
    'states move forward',
    [
      REBOOT,
      sent(1, 2, { request: 'r9' }),
      asked(3, 4, [task({ ...reboot, state: 'processing' })]),
      read([task({ ...reboot, resource: { server: OTHER_SERVER } })]),
      effect({ id: 'op1', action: 'reboot' }),
    ],
  ],
  [
    'a refusal of the very first copy',
    'refused has a first',
    [request(), refused(1, 2, task({ state: 'failure' })), read([task({ state: 'failure' })]), effect()],
  ],
  [
    'a refusal after the task was told as rejected',
    'refused has a first',
    [
      request(),
      sent(1, 2, { status: 503 }),
      asked(3, 4, [rejectedTask()]),
      refused(5, 6, rejectedTask()),
      read([rejectedTask()]),
    ],
  ],
  [
    'a task that is open in the end',
    'all ended',
    [request(), sent(1, 2), read([task({ state: 'processing' })]), effect()],
  ],
  ['a tag that cannot be read in the end', 'all ended', [request(), sent(1, 2), effect()]],
  [
    'a 500',
    'allowed answers',
    [request(), sent(1, 2), sent(1, 3, { status: 500, message: 'oops' }), read([task()]), effect()],
  ],
  [
    'a rejection of what is right',
    'allowed answers',
    [request(), sent(1, 2, { status: 404 }), read([rejectedTask()])],
  ],
  [
    'a question that is answered 400',
    'allowed answers',
    [request(), sent(1, 2), asked(3, 4, [], { status: 400 }), read([task()]), effect()],
  ],
];

describe('the checker of histories', () => {
  it('finds nothing where everything is sound', () => {
    expect(check(soundHistory())).toEqual([]);
  });

  it.each(PLANTED)('finds %s: %s', (_what, property, history) => {
    const found = check([...soundHistory().map(inOtherTags), ...history]);
    expect([...new Set(found.map((violation) => violation.property))]).toEqual([property]);
    expect(found.map(({ tag }) => tag).every((tag) => tag === 't' || tag === null)).toBe(true);
  });

  it('takes what overlaps either way', () => {
    const overlapping = [
      request(),
      sent(1, 5),
      asked(2, 3, []),
      asked(2, 6, []),
      asked(4, 8, [task()]),
      asked(7, 9, [task({ state: 'processing' })]),
      read([task()]),
      effect(),
    ];
    expect(check(overlapping)).toEqual([]);
  });
});

/** A sound history stands beside each fault, so that nothing else is blamed. */
function inOtherTags(entry: Entry): Entry {
  if (entry.is === 'request')
    return {
      ...entry,
      tag: `sound ${entry.tag}`,
      request: `sound ${entry.request}`,
      server: `sound ${entry.server}`,
    };
  if (entry.is === 'exchange')
    return {
      ...entry,
      tag: `sound ${entry.tag}`,
      request: entry.request === null ? null : `sound ${entry.request}`,
    };
  return entry.is === 'effect' ? { ...entry, name: `sound ${entry.name}` } : entry;
}
