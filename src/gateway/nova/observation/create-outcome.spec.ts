import { readAction, readServer } from '../reader/nova-views.js';
import { createVerdict } from './create-outcome.js';
import { deleteVerdict } from './delete-outcome.js';

const LAUNCHED = { 'OS-SRV-USG:launched_at': '2026-11-23T07:45:25.000000' };
const NO_HOST = {
  fault: { code: 500, created: '2026-11-23T07:46:18Z', message: 'No valid host was found. ' },
};

const NOW = Date.parse('2026-11-23T08:00:00Z');

function server(id: string, status: string, vmState: string, more: object = {}) {
  return { id, view: readServer({ id, status, 'OS-EXT-STS:vm_state': vmState, ...more }) };
}

const active = server('a', 'ACTIVE', 'active', LAUNCHED);
const building = server('b', 'BUILD', 'building', { 'OS-EXT-STS:task_state': 'spawning' });
const failed = server('c', 'ERROR', 'error', NO_HOST);

describe('how a create has ended', () => {
  it('well when the server has been made', () => {
    expect(createVerdict([active], NOW)).toEqual({ is: 'success' });
  });

  it('well also when the server has failed or gone since', () => {
    expect(createVerdict([server('a', 'ERROR', 'error', { ...LAUNCHED, ...NO_HOST })], NOW).is).toBe(
      'success',
    );
    expect(createVerdict([server('a', 'DELETED', 'deleted', LAUNCHED)], NOW).is).toBe('success');
  });

  it("badly with the server's fault", () => {
    const fault = { code: 500, message: 'No valid host was found.' };
    expect(createVerdict([failed], NOW)).toEqual({ is: 'failure', fault });
  });

  it('not before Nova has had the time to write down why it went badly', () => {
    const justNow = server('c', 'ERROR', 'error', { updated: '2026-11-23T07:59:58Z' });
    expect(createVerdict([justNow], NOW).is).toBe('busy');
    const message = 'The server could not be built.';
    expect(createVerdict([justNow], NOW + 10_000)).toEqual({ is: 'failure', fault: { code: 500, message } });
    const never = server('c', 'ERROR', 'error');
    expect(createVerdict([never], NOW).is).toBe('failure');
  });

  it('badly when the server was deleted before it was made', () => {
    const message = 'The server was deleted while it was being built.';
    const verdict = { is: 'failure', fault: { code: 500, message } };
    expect(createVerdict([server('a', 'DELETED', 'building')], NOW)).toEqual(verdict);
    expect(createVerdict([{ id: 'a', view: null }], NOW)).toEqual(verdict);
  });

  it('not before all of its servers have', () => {
    expect(createVerdict([active, building], NOW).is).toBe('busy');
    expect(createVerdict([failed, building], NOW).is).toBe('busy');
  });

  it('badly when one of its servers has, and names it', () => {
    const message = 'Server c of 2: No valid host was found.';
    expect(createVerdict([active, failed], NOW)).toEqual({ is: 'failure', fault: { code: 500, message } });
  });

  it('is not known while the cell of a server is down', () => {
    expect(createVerdict([{ id: 'a', view: readServer({ id: 'a', status: 'UNKNOWN' }) }], NOW).is).toBe(
      'busy',
    );
  });
});

describe('how a delete has ended', () => {
  const times = { now: 10_000, startTime: 0, skewMs: 0 };

  it('well when the server is gone, or waits to be reclaimed', () => {
    expect(deleteVerdict(null, null, times).is).toBe('success');
    expect(deleteVerdict(server('a', 'SOFT_DELETED', 'soft-delete').view, null, times).is).toBe('success');
  });

  it('not yet while Nova is at it, however long it takes', () => {
    const deleting = server('a', 'ACTIVE', 'active', { 'OS-EXT-STS:task_state': 'deleting' }).view;
    expect(deleteVerdict(deleting, null, { ...times, now: 10_000_000 }).is).toBe('busy');
  });

  it('not yet of a server that was deleted softly before, and is to go for good now', () => {
    const before = server('a', 'SOFT_DELETED', 'soft-delete', { updated: '2026-11-23T07:00:00Z' }).view;
    const since = { ...times, startTime: NOW, now: NOW + 1000 };
    expect(deleteVerdict(before, null, since).is).toBe('busy');
    expect(deleteVerdict(before, null, { ...since, startTime: NOW - 4_000_000 }).is).toBe('success');
  });

  it('not yet of a resized server, which Nova shows as idle while it is at it', () => {
    const action = readAction({
      action: 'delete',
      request_id: 'req-1',
      events: [{ event: 'compute_terminate_instance', start_time: '1970-01-01T00:00:01', result: null }],
    });
    expect(deleteVerdict(active.view, action, { ...times, now: 60_000 }).is).toBe('busy');
    expect(deleteVerdict(active.view, action, { ...times, now: 700_000 }).is).toBe('failure');
  });

  it('badly when Nova has let the server go', () => {
    expect(deleteVerdict(active.view, null, times).is).toBe('busy');
    expect(deleteVerdict(active.view, null, { ...times, now: 60_000 }).is).toBe('failure');
  });
});
