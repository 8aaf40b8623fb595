import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { ServerProcess } from '../support/server/server-process.js';

const ROOT = join(import.meta.dirname, '..', '..');

describe('the built server, where hardly any package is installed', () => {
  let database: TestDatabase;
  let folder: string;
  let server: ServerProcess;

  beforeAll(async () => {
    database = await createDatabase();
    folder = mkdtempSync(join(tmpdir(), 'tasktag-start-'));
    for (const part of ['main.js', 'server'])
      cpSync(join(ROOT, 'dist', part), join(folder, 'dist', part), { recursive: true });
    cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    mkdirSync(join(folder, 'node_modules'));
    const driver = database.url.startsWith('sqlite') ? 'better-sqlite3' : 'mysql2';
    for (const name of [driver, 'swagger-ui-dist', '@opentelemetry'])
      symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    server = await ServerProcess.start({ DATABASE_URL: database.url }, join(folder, 'dist', 'main.js'));
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  it('starts with its own files, the driver of its database, and the files of Swagger UI', async () => {
    const { status, json } = await server.client.get('/readyz', { token: null });
    expect([status, json]).toMatchObject([200, { status: 'ready' }]);
  });

  it('has its page of documentation, and the document that the page shows', async () => {
    const page = await server.client.get('/docs/swagger-ui-bundle.js', { token: null });
    const document = await server.client.get('/openapi.json', { token: null });
    expect([page.status, document.status]).toEqual([200, 200]);
    expect(Object.keys((document.json as { paths: object }).paths)).toContain('/v3/servers');
  });
});
