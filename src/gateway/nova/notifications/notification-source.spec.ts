import { Settings } from '../../../config/settings.js';
import { nameOf, notificationSources, reasonOf, withHeartbeat } from './notification-source.js';

function settings(url: string | undefined): Settings {
  return Object.assign(new Settings(), { NOTIFICATIONS_URL: url });
}

describe('the message buses of the settings', () => {
  it('are of the exchange that the setting names', () => {
    const other = Object.assign(settings('amqp://rabbit'), { NOTIFICATIONS_EXCHANGE: 'openstack' });
    expect(notificationSources(other).map(({ exchange }) => exchange)).toEqual(['openstack']);
  });

  it('are none without NOTIFICATIONS_URL', () => {
    expect(notificationSources(settings(undefined))).toEqual([]);
  });

  it('are one for each URL', () => {
    const [one, two] = notificationSources(settings('amqp://u:p@one/a , amqps://u:p@two:5/'));
    expect(one).toMatchObject({
      url: 'amqp://u:p@one/a',
      exchange: 'nova',
      topic: 'versioned_notifications',
      queue: 'tasktag',
    });
    expect(two?.url).toBe('amqps://u:p@two:5/');
  });

  it('stop the start when a URL is none, and are not shown', () => {
    expect(() => notificationSources(settings('amqp://u:secret@one:99999/'))).toThrow(
      /^NOTIFICATIONS_URL has a URL that is not valid: check the port\.$/,
    );
  });

  it.each([
    ['amqp://user:secret@rabbit', 'rabbit:5672/'],
    ['amqps://user:secret@rabbit/', 'rabbit:5671/'],
    ['amqp://user:secret@[::1]:5673/cell1?heartbeat=5', '[::1]:5673/cell1'],
  ])('are named without user and password', (url, name) => {
    expect(nameOf(url)).toBe(name);
  });

  it('are asked for heartbeats, unless the URL asks for others', () => {
    expect(withHeartbeat('amqp://u:p@h/a')).toBe('amqp://u:p@h/a?heartbeat=10');
    expect(withHeartbeat('amqp://u:p@h?frameMax=9000')).toBe('amqp://u:p@h?frameMax=9000&heartbeat=10');
    expect(withHeartbeat('amqp://u:p@h/a?heartbeat=60')).toBe('amqp://u:p@h/a?heartbeat=60');
  });

  it.each([
    [
      404,
      `Channel closed by server: 404 (NOT-FOUND) with message "NOT_FOUND - no exchange 'nova' in vhost '/'"`,
      'there is no exchange nova yet. Nova declares it when it sends its first notification',
    ],
    [
      406,
      'Channel closed by server: 406 (PRECONDITION-FAILED) with message "inequivalent arg"',
      'the queue tasktag exists with other properties: delete it, or choose another name by NOTIFICATIONS_QUEUE',
    ],
    [
      403,
      `ACCESS_REFUSED - access to queue 'x' refused for user 'me'`,
      `ACCESS_REFUSED - access to queue 'x' refused`,
    ],
    [
      undefined,
      'Expected ConnectionOpenOk; got <ConnectionClose channel:0>',
      'there is no such virtual host, or this user may not use it',
    ],
    ['ECONNREFUSED', '', 'ECONNREFUSED'],
  ])('say why there is nothing, without the user (%s)', (code, message, reason) => {
    const [source] = notificationSources(settings('amqp://me:secret@rabbit'));
    expect(reasonOf(Object.assign(new Error(message), { code }), source!)).toBe(reason);
  });
});
