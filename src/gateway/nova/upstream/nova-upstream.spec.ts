import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { LAB_SETTINGS } from '../../../../test/support/openstack/lab.js';
import { loadSettings } from '../../../config/load-settings.js';
import { parseUrl } from '../../../openstack/urls/api-url.js';
import { NovaUpstream } from './nova-upstream.js';
import { wholeAnswer } from './whole-answer.js';

describe('a Nova behind TLS', () => {
  it('is asked for by its own name, whatever host the client names', async () => {
    const names: string[] = [];
    // It has no certificate: the name is told before that matters.
    const server = createServer({
      SNICallback: (name, done) => {
        names.push(name);
        done(null);
      },
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const settings = { ...LAB_SETTINGS, COMPUTE: 'nova', NOVA_URL: `https://localhost:${port}` };
    const upstream = new NovaUpstream(loadSettings(settings));
    for (const host of ['cloud.example.com:8774', 'other.example.com']) {
      const request = { method: 'GET', url: parseUrl('/v2.1/'), headers: ['Host', host], body: null };
      await expect(wholeAnswer(upstream, request)).rejects.toThrow(/No answer/);
    }
    expect(new Set(names)).toEqual(new Set(['localhost']));
    await upstream.onApplicationShutdown();
    server.close();
  });
});
