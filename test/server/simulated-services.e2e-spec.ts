import type { Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { CIRROS, createServer, untilEnded } from '../support/server/servers.js';
import { expectUnauthorized } from '../support/server/keystone-faults.js';

const NOBODY = { token: null };

describe('the image and network services of the simulated cloud', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  const get = (path: string, call?: Call) => test.client.get(path, call);
  const post = (path: string, body: unknown, call?: Call) => test.client.post(path, body, call);

  describe('the image service', () => {
    it.each([
      ['/image', 300],
      ['/image/', 300],
      ['/image/versions', 200],
    ])('tells at %s which version it is, to anybody', async (path, status) => {
      const answer = await get(path, NOBODY);
      expect(answer.status).toBe(status);
      const links = [{ rel: 'self', href: `${test.client.url}/image/v2/` }];
      expect(answer.json.versions).toMatchObject([{ status: 'CURRENT', links }]);
    });

    it('has an image for everybody, found by id and by name', async () => {
      const shown = await get(`/image/v2/images/${CIRROS}`);
      expect(shown.json).toMatchObject({
        id: CIRROS,
        name: 'cirros',
        status: 'active',
        visibility: 'public',
      });
      const listed = await get('/image/v2/images?name=cirros');
      expect(listed.json.images).toEqual([shown.json]);
      expect((await test.client.delete(`/image/v2/images/${CIRROS}`)).status).toBe(403);
    });

    it('has the snapshots of a project, for that project alone, until they are deleted', async () => {
      const server = await createServer(test.client);
      const made = await post(
        `/v3/servers/${server}/action`,
        { createImage: { name: 'größe', metadata: { color: 'red', id: 'mine', status: 'mine' } } },
        { version: '2.45' },
      );
      const id = made.json.image_id as string;
      expect((await get(`/image/v2/images/${id}`)).json.id).toBe(id);
      await untilEnded(test.client, server);

      const { json: image } = await get(`/image/v2/images/${id}`);
      expect(image).toMatchObject({
        id,
        name: 'größe',
        status: 'active',
        visibility: 'private',
        owner: 'demo',
        color: 'red',
        instance_uuid: server,
        base_image_ref: CIRROS,
      });
      expect((await get('/image/v2/images?image_type=snapshot')).json.images).toEqual([image]);
      const old = await get(`/v2.1/images/detail?server=${server}`);
      expect(old.json.images).toMatchObject([{ id, status: 'ACTIVE', server: { id: server } }]);

      const bob = { token: 'bob:other' };
      expect((await get(`/image/v2/images/${id}`, bob)).status).toBe(404);
      expect((await test.client.delete(`/image/v2/images/${id}`, bob)).status).toBe(404);
      expect((await get('/image/v2/images?image_type=snapshot', bob)).json.images).toEqual([]);

      expect((await test.client.delete(`/image/v2/images/${id}`)).status).toBe(204);
      expect((await get(`/image/v2/images/${id}`)).status).toBe(404);
      expect((await test.client.delete(`/image/v2/images/${id}`)).status).toBe(404);
    });

    it('says that there is no such image as the client can read it', async () => {
      const path = '/image/v2/images/%3Cb%3E%C3%BC';
      const page = await get(path);
      expect(page.status).toBe(404);
      expect(page.headers['content-type']).toMatch(/^text\/html/);
      expect(page.text).toContain('No image found with ID &#60;b&#62;ü');
      const json = await get(path, { headers: { Accept: 'application/json' } });
      expect(json.json).toEqual({
        message: 'No image found with ID <b>ü',
        code: '404 Not Found',
        title: 'Not Found',
      });
    });

    it('answers nobody without a token', async () => {
      expectUnauthorized(await get('/image/v2/images', NOBODY));
      expectUnauthorized(await get('/image/nosuch', NOBODY));
      expect((await get('/image/nosuch')).status).toBe(404);
    });

    it('is in the compute API too, up to 2.35', async () => {
      expect((await get('/v2.1/images?limit=1', { version: '2.35' })).json).toMatchObject({
        images: [{ name: 'ubuntu-24.04' }],
        images_links: [{ rel: 'next' }],
      });
      expect((await get(`/v2.1/images/${CIRROS}`)).json.image).toMatchObject({ id: CIRROS, progress: 100 });
      expect((await get('/v2.1/images/nosuch')).json.itemNotFound.message).toBe('Image not found.');
      expect((await get('/v2.1/images', { version: '2.36' })).status).toBe(404);
    });
  });

  describe('the network service', () => {
    it('tells which version it is, to anybody', async () => {
      const { status, json } = await get('/network/', NOBODY);
      expect(status).toBe(200);
      const links = [{ rel: 'self', href: `${test.client.url}/network/v2.0/` }];
      expect(json.versions).toEqual([{ id: 'v2.0', status: 'CURRENT', links }]);
    });

    it('has networks for everybody, with a subnet each', async () => {
      const { json } = await get('/network/v2.0/networks?name=private');
      const [network] = json.networks;
      expect(network).toMatchObject({ name: 'private', status: 'ACTIVE', shared: true });
      expect((await get(`/network/v2.0/networks/${network.id}`)).json).toEqual({ network });
      const subnets = await get(`/network/v2.0/subnets?network_id=${network.id}`);
      expect(subnets.json.subnets).toMatchObject([{ id: network.subnets[0], cidr: '10.0.0.0/8' }]);
    });

    it('has a security group for each project', async () => {
      const mine = (await get('/network/v2.0/security-groups')).json.security_groups;
      expect(mine).toMatchObject([{ name: 'default', project_id: 'demo' }]);
      const path = `/network/v2.0/security-groups/${mine[0].id}`;
      expect((await get(path)).json.security_group).toEqual(mine[0]);
      expect((await get(path, { token: 'bob:other' })).status).toBe(404);
    });

    it('has the ports of the servers, for their project alone', async () => {
      const carol = { token: 'carol:ports' };
      const server = await createServer(test.client, {}, carol);
      const attached = (await get(`/v3/servers/${server}/os-interface`, carol)).json.interfaceAttachments;
      const { ports } = (await get(`/network/v2.0/ports?device_id=${server}`, carol)).json;
      expect(ports).toMatchObject([
        {
          id: attached[0].port_id,
          network_id: attached[0].net_id,
          device_id: server,
          mac_address: attached[0].mac_addr,
          fixed_ips: [{ ip_address: attached[0].fixed_ips[0].ip_address }],
        },
      ]);
      const path = `/network/v2.0/ports/${ports[0].id}`;
      expect((await get(path, carol)).json.port).toEqual(ports[0]);
      expect((await get(path)).status).toBe(404);
      expect((await get('/network/v2.0/ports?device_id=nosuch', carol)).json).toEqual({ ports: [] });
    });

    it.each(['floatingips', 'routers'])('has no %s', async (collection) => {
      expect((await get(`/network/v2.0/${collection}`)).json).toEqual({ [collection]: [] });
    });

    it.each([
      ['networks', 'NetworkNotFound'],
      ['subnets', 'SubnetNotFound'],
      ['ports', 'PortNotFound'],
      ['security-groups', 'SecurityGroupNotFound'],
      ['nosuch', 'HTTPNotFound'],
    ])('says in its own shape that there is no such thing among the %s', async (collection, type) => {
      const { status, json } = await get(`/network/v2.0/${collection}/x`);
      expect(status).toBe(404);
      expect(json.NeutronError).toMatchObject({ type, detail: '' });
    });

    it('answers nobody without a token', async () => {
      expectUnauthorized(await get('/network/v2.0/networks', NOBODY));
      expectUnauthorized(await get('/network/nosuch', NOBODY));
    });
  });
});
