import { readAction, readServer } from '../reader/nova-views.js';
import { actionVerdict } from './action-outcome.js';

/** As Nova 26 writes them: whole seconds, no zone. */
const START = '2026-11-23T07:45:25.000000';
const END = '2026-11-23T07:45:26.000000';
const SOON = Date.parse('2026-11-23T07:45:27Z');
const LATER = Date.parse('2026-11-23T07:46:30Z');
const MUCH_LATER = Date.parse('2026-11-23T08:46:30Z');

function server(status: string, vmState: string, taskState: string | null = null, more: object = {}) {
  return readServer({
    id: '34aa0ea4-c09f-42eb-a19c-e9d8a3672a23',
    status,
    'OS-EXT-STS:vm_state': vmState,
    'OS-EXT-STS:task_state': taskState,
    ...more,
  });
}

/** Events by name and result, newest first. */
function action(name: string, events: [string, string | null, string?][], message: string | null = null) {
  return readAction({
    action: name,
    request_id: 'req-3e59c0d5-580e-4a1e-ab4e-3388404218ed',
    start_time: START,
    updated_at: END,
    message,
    events: events.map(([event, result, details]) => ({
      event,
      start_time: START,
      finish_time: result === null ? null : END,
      result,
      traceback: result === 'Error' ? '  File "/usr/lib/python3/nova/manager.py", line 1' : null,
      details: details ?? null,
    })),
  });
}

type Evidence = Parameters<typeof actionVerdict>[0];

function verdict(task: string, more: Partial<Evidence>) {
  const idle = server('ACTIVE', 'active');
  return actionVerdict({
    task,
    startTime: Date.parse(`${START}Z`),
    server: idle,
    action: null,
    now: SOON,
    rebootDelayMs: 0,
    ...more,
  });
}

describe('how an accepted action has ended', () => {
  it('well when its last step has', () => {
    const done = action('stop', [['compute_stop_instance', 'Success']]);
    expect(verdict('stop', { action: done, server: server('SHUTOFF', 'stopped') })).toEqual({
      is: 'success',
    });
  });

  it('not before its last step', () => {
    const begun = action('resize', [
      ['compute_resize_instance', null],
      ['compute_prep_resize', 'Success'],
      ['conductor_migrate_server', 'Success'],
    ]);
    const busy = server('RESIZE', 'active', 'resize_migrating');
    expect(verdict('resize', { action: begun, server: busy })).toEqual({ is: 'busy' });
  });

  it('with the words of the step that failed, never with its traceback', () => {
    const failed = action(
      'resize',
      [['conductor_migrate_server', 'Error', 'No valid host was found. ']],
      'Error',
    );
    expect(verdict('resize', { action: failed })).toEqual({
      is: 'failure',
      fault: { code: 500, message: 'No valid host was found.' },
    });
  });

  it("with the server's fault where an older Nova tells no details, but not with an older one", () => {
    const failed = action('stop', [['compute_stop_instance', 'Error']], 'Error');
    const fault = { code: 501, message: 'The host is gone.', details: 'Traceback…' };
    const now = server('ERROR', 'error', null, { fault: { ...fault, created: '2026-11-23T07:45:26Z' } });
    expect(verdict('stop', { action: failed, server: now })).toEqual({
      is: 'failure',
      fault: { code: 501, message: 'The host is gone.' },
    });
    const before = server('ERROR', 'error', null, { fault: { ...fault, created: '2026-11-22T07:45:26Z' } });
    expect(verdict('stop', { action: failed, server: before })).toEqual({
      is: 'failure',
      fault: { code: 500, message: 'The action "stop" failed.' },
    });
  });

  it('not yet while a step that failed is tried on another host', () => {
    const retried = action('live-migration', [['compute_check_can_live_migrate_source', 'Error']], 'Error');
    const busy = server('MIGRATING', 'active', 'migrating');
    expect(verdict('live-migration', { action: retried, server: busy })).toEqual({ is: 'busy' });
    expect(verdict('live-migration', { action: retried }).is).toBe('failure');
  });

  it('well when of two tries of one step one never finishes in the records', () => {
    const twice = action('resize', [
      ['compute_finish_resize', 'Success'],
      ['compute_prep_resize', null],
      ['compute_prep_resize', 'Success'],
    ]);
    expect(verdict('resize', { action: twice, server: server('VERIFY_RESIZE', 'resized') }).is).toBe(
      'success',
    );
  });

  it('a live migration that is only queued goes on', () => {
    const queued = action('live-migration', [['compute_live_migration', 'Success']]);
    expect(verdict('live-migration', { action: queued }).is).toBe('busy');
  });

  it('a rebuild of a stopped server goes on until it is stopped again', () => {
    const rebuilt = action('rebuild', [['compute_rebuild_instance', 'Success']]);
    const stopping = server('SHUTOFF', 'active', 'powering-off');
    expect(verdict('rebuild', { action: rebuilt, server: stopping }).is).toBe('busy');
    expect(verdict('rebuild', { action: rebuilt, server: server('SHUTOFF', 'stopped') }).is).toBe('success');
  });

  it('a reboot waits for the news that it went wrong, where there is any', () => {
    const done = action('reboot', [['compute_reboot_instance', 'Success']]);
    expect(verdict('reboot', { action: done, rebootDelayMs: 2000 }).is).toBe('busy');
    expect(verdict('reboot', { action: done, rebootDelayMs: 2000, now: LATER }).is).toBe('success');
    expect(verdict('reboot', { action: done }).is).toBe('success');
  });

  it("is told by the server's state when the records have been silent for long", () => {
    const silent = action('stop', []);
    const evidence = { action: silent, server: server('SHUTOFF', 'stopped') };
    expect(verdict('stop', evidence).is).toBe('busy');
    expect(verdict('stop', { ...evidence, now: LATER }).is).toBe('success');
    expect(verdict('stop', { ...evidence, server: server('ACTIVE', 'active'), now: LATER }).is).toBe(
      'failure',
    );
    const busy = server('ACTIVE', 'active', 'powering-off');
    expect(verdict('stop', { ...evidence, server: busy, now: MUCH_LATER }).is).toBe('busy');
  });

  it('is waited for longer where the server shows nothing of it', () => {
    const silent = action('detach_volume', [['compute_detach_volume', null]]);
    expect(verdict('detach_volume', { action: silent, now: LATER }).is).toBe('busy');
    expect(verdict('detach_volume', { action: silent, now: MUCH_LATER }).is).toBe('failure');
  });

  it('of a deleted server is told by its records, and else by its end', () => {
    const done = action('stop', [['compute_stop_instance', 'Success']]);
    expect(verdict('stop', { action: done, server: null }).is).toBe('success');
    expect(verdict('stop', { action: action('stop', []), server: null })).toEqual({
      is: 'failure',
      fault: { code: 500, message: 'The server was deleted before the action "stop" ended.' },
    });
  });

  it('of a newer Nova when all of its steps have, and no other begins', () => {
    const steps = action('levitate', [
      ['compute_levitate', 'Success'],
      ['compute_levitate', null],
      ['conductor_levitate', 'Success'],
    ]);
    expect(verdict('levitate', { action: steps }).is).toBe('busy');
    expect(verdict('levitate', { action: steps, now: LATER }).is).toBe('success');
    const open = action('levitate', [
      ['compute_levitate', null],
      ['conductor_levitate', 'Success'],
    ]);
    expect(verdict('levitate', { action: open, now: SOON }).is).toBe('busy');
  });

  it('of which Nova keeps nothing is well when it was accepted', () => {
    expect(verdict('addSecurityGroup', {}).is).toBe('success');
  });
});
