import type { TestDatabase } from '../support/database/database.js';
import { APPS } from './support/apps.js';
import { Deployment } from './support/deployment.js';
import type { NestVersions } from './support/nest-versions.js';
import { INSTALL_MS, Shops } from './support/shops.js';
import { describeProcesses } from './processes.js';
import { describeRawBodies } from './raw-bodies.js';
import { describeRequests } from './requests.js';

const DATABASES: TestDatabase['kind'][] = ['sqlite', 'mariadb', 'postgres'];

/** A monorepo on Express and on Fastify that has installed the packed library, on each database. */
export function describeShops(versions: NestVersions, databases = DATABASES): void {
  describe(`a monorepo with Nest ${versions['@nestjs/core']}`, () => {
    const shops = new Shops();
    beforeAll(() => shops.install(versions), INSTALL_MS);
    afterAll(() => shops.remove());

    describe.each(APPS)('its $name', (app) => {
      describe.each(databases)('on %s', (kind) => {
        const deployment = new Deployment(shops, app, kind);
        beforeAll(() => deployment.start());
        afterAll(() => deployment.end());

        describeRequests(() => deployment);
        describeProcesses(() => deployment);
        if (kind === 'sqlite') describeRawBodies(() => deployment);
        if (kind === 'sqlite' && app.name === 'orders') describeSwagger(() => deployment);
      });
    });
  });
}

function describeSwagger(given: () => Deployment): void {
  it('shows the header and the refusal in Swagger', async () => {
    const { json } = await given().get('/docs-json');
    const { parameters, responses } = json.paths['/orders'].post;
    expect(parameters).toContainEqual(expect.objectContaining({ name: 'Task-tag', in: 'header' }));
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['201', '409']));
  });
}
