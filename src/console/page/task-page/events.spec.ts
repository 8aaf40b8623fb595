import type { Task } from '../task.js';
import { eventsOf } from './events.js';

const at = (second: number) => new Date(Date.UTC(2026, 0, 31, 12, 0, second)).toISOString();

const OPEN: Task = {
  uuid: '01a206bf-6dfb-736d-ab4c-140248cab156',
  task: 'create',
  state: 'unknown',
  accepted: null,
  ended: false,
  resource: {},
  request_id: null,
  user_id: 'alice',
  project_id: 'demo',
  start_time: at(0),
  last_updated: at(0),
  tag: 'order 1',
  fault: null,
  resolved: null,
};

const kinds = (task: Task) => eventsOf(task, Date.parse(at(50))).map(({ kind }) => kind);

describe('the way of a task', () => {
  it('is what the server tells, in the order of time', () => {
    const task: Task = {
      ...OPEN,
      sent_at: at(1),
      answered_at: null,
      duplicates: { refused: 2, answered: 1, last_at: at(30) },
      observation: { at: at(20), why: 'not found yet', next_at: at(60) },
    };
    expect(kinds(task)).toEqual(['recorded', 'sent', 'observed', 'duplicates', 'open']);
    expect(eventsOf(task, Date.parse(at(50)))[3]).toMatchObject({
      title: 'Sent again 3 times',
      note: '2 refused, 1 answered like the first. This is the time of the last one',
    });
  });

  it('of a server that tells nothing more, it has a beginning and an end', () => {
    expect(kinds(OPEN)).toEqual(['recorded', 'open']);
    const ended: Task = { ...OPEN, state: 'success', accepted: true, ended: true, last_updated: at(9) };
    expect(eventsOf(ended, 0)).toEqual([
      expect.objectContaining({ kind: 'recorded' }),
      expect.objectContaining({ kind: 'ended', at: Date.parse(at(9)), title: 'Ended well', tone: 'good' }),
    ]);
  });

  it('at the same time, the order is that of the way', () => {
    const task: Task = { ...OPEN, state: 'success', accepted: true, ended: true };
    const times = { ended_at: at(0), answered_at: at(0), sent_at: at(0) };
    expect(kinds({ ...task, ...times })).toEqual(['recorded', 'sent', 'answered', 'ended']);
  });

  it('says who ended it by hand, and why', () => {
    const resolved = { by: 'admin', at: at(40), reason: 'looked it up' };
    const task: Task = { ...OPEN, state: 'failure', accepted: false, ended: true, resolved };
    expect(eventsOf(task, 0).at(-1)).toMatchObject({
      at: Date.parse(at(40)),
      title: 'Ended by admin',
      note: 'looked it up',
      tone: 'bad',
    });
  });
});
