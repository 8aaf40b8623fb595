import { SERVER_ACTIONS } from '../../src/compute/actions/body-actions.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { createServer, untilEnded } from '../support/server/servers.js';

/** The requests of design.md that are recorded, as the document writes their paths. */
const TASK_ENABLED = [
  ['post', '/v3/servers', '202'],
  ['delete', '/v3/servers/{id}', '204'],
  ['post', '/v3/servers/{id}/action', '202'],
  ['post', '/v3/servers/{id}/os-interface', '200'],
  ['delete', '/v3/servers/{id}/os-interface/{subresource}', '202'],
  ['post', '/v3/servers/{id}/os-volume_attachments', '200'],
  ['put', '/v3/servers/{id}/os-volume_attachments/{subresource}', '202'],
  ['delete', '/v3/servers/{id}/os-volume_attachments/{subresource}', '202'],
] as const;

/** Actions on servers in states that no server of the simulated cloud stays in. */
const NEVER_ALLOWED = ['shelveOffload', 'restore'];

describe('the OpenAPI document', () => {
  let test: TestApp;
  let text: string;
  let document: any;
  let operations: [id: string, path: string, operation: any][];
  beforeAll(async () => {
    test = await startApp();
    ({ text, json: document } = await test.client.get('/openapi.json', { token: null }));
    operations = Object.entries<any>(document.paths).flatMap(([path, methods]) =>
      Object.entries<any>(methods).map(([method, operation]): [string, string, any] => [
        `${method} ${path}`,
        path,
        operation,
      ]),
    );
  });
  afterAll(() => test.close());

  it('is OpenAPI 3, with a title, and without a look-up elsewhere', () => {
    expect(document.openapi).toMatch(/^3\.\d\.\d$/);
    expect(document.info).toMatchObject({ title: 'Tasktag', version: expect.any(String) });
    expect(text).not.toMatch(/https?:\/\//);
    expect(text).not.toContain('$ref');
  });

  it('declares each parameter of a path, gives each parameter a type and each answer a description', () => {
    for (const [id, path, { parameters, responses }] of operations) {
      const inPath = parameters.filter((one: any) => one.in === 'path').map((one: any) => one.name);
      expect([id, inPath.sort()]).toEqual([
        id,
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(),
      ]);
      for (const parameter of parameters) {
        expect([id, parameter]).toEqual([
          id,
          expect.objectContaining({ schema: expect.objectContaining({ type: expect.any(String) }) }),
        ]);
      }
      for (const [status, answer] of Object.entries<any>(responses)) {
        expect([id, status, answer]).toEqual([
          id,
          expect.stringMatching(/^[245]\d\d$/),
          expect.objectContaining({ description: expect.any(String) }),
        ]);
      }
    }
  });

  it('has no path twice, no operation id twice, and a group with words for each operation', () => {
    const shapes = Object.keys(document.paths).map((path) => path.replace(/\{\w+\}/g, '{}'));
    expect(new Set(shapes).size).toBe(shapes.length);
    const ids = operations.map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const groups = document.tags.map(({ name }: { name: string }) => name);
    for (const [id, , { tags, summary }] of operations) {
      expect([id, tags, summary]).toEqual([id, [expect.any(String)], expect.stringMatching(/^[A-Z]/)]);
      expect(groups).toContain(tags[0]);
    }
  });

  it('asks for the token everywhere', () => {
    const [scheme] = Object.keys(document.security[0]);
    expect(document.components.securitySchemes[scheme as string]).toMatchObject({
      type: 'apiKey',
      in: 'header',
      name: 'X-Auth-Token',
    });
  });

  it.each(TASK_ENABLED)('describes the tag, its echo and the refusal: %s %s', (method, path, status) => {
    const { parameters, responses } = document.paths[path][method];
    expect(parameters).toContainEqual(
      expect.objectContaining({ name: 'Task-tag', in: 'header', required: false }),
    );
    expect(responses[status].headers).toHaveProperty('task-tag');
    expect(responses['409'].headers).toHaveProperty('task-tag');
    const { schema } = responses['409'].content['application/json'];
    expect(schema.properties.conflictingRequest.properties).toMatchObject({
      message: { example: 'That request is already accepted' },
      task: { type: 'object' },
    });
  });

  it('describes the tag nowhere else', () => {
    const tagged = operations.filter(([, , { parameters }]) =>
      parameters.some(({ name }: { name: string }) => name === 'Task-tag'),
    );
    expect(tagged.map(([id]) => id).sort()).toEqual(TASK_ENABLED.map(([m, path]) => `${m} ${path}`).sort());
  });

  it('has examples of creates that work as they stand', async () => {
    for (const [name, { value }] of examplesOf('post', '/v3/servers')) {
      const { status } = await test.client.post('/v3/servers', value);
      expect([name, status]).toEqual([name, 202]);
    }
  });

  it('has an example of each action, and they work one after the other', async () => {
    const call = { token: 'admin:examples' };
    const id = await createServer(test.client, {}, call);
    const examples = examplesOf('post', '/v3/servers/{id}/action');
    expect(examples.map(([, { value }]) => Object.keys(value)[0]).sort()).toEqual(
      Object.keys(SERVER_ACTIONS)
        .filter((action) => !NEVER_ALLOWED.includes(action))
        .sort(),
    );
    const send = async (name: string, body: object) => {
      const { status, text: said } = await test.client.post(`/v3/servers/${id}/action`, body, call);
      const documented = SERVER_ACTIONS[Object.keys(body)[0] as string]?.status;
      expect([name, status, said]).toEqual([name, documented, expect.any(String)]);
      await untilEnded(test.client, id, call);
    };
    for (const [name, { value }] of examples) {
      if (name === 'revertResize') await send('a resize to revert', { resize: { flavorRef: '3' } });
      await send(name, value);
    }
  });

  it('has examples of attachments that work as they stand', async () => {
    const id = await createServer(test.client);
    for (const path of ['os-interface', 'os-volume_attachments']) {
      const [[, { value }]] = examplesOf('post', `/v3/servers/{id}/${path}`) as [[string, any]];
      expect((await test.client.post(`/v3/servers/${id}/${path}`, value)).status).toBe(200);
    }
  });

  function examplesOf(method: string, path: string): [name: string, example: any][] {
    return Object.entries(document.paths[path][method].requestBody.content['application/json'].examples);
  }
});
