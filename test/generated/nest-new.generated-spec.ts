import { join } from 'node:path';
import { GeneratedApp } from './support/generated-app.js';
import { NEST_11, NEST_12, type NestVersions } from '../monorepo/support/nest-versions.js';
import { orderTwice } from './support/order-twice.js';
import { INSTALL_MS } from '../monorepo/support/shops.js';

/** The generators as they are now: a newer one may ask for a newer Node. */
const GENERATORS: [string, string, NestVersions][] = [
  ['Nest 11, of CommonJS, with Jest', '@nestjs/cli@11.0.24', NEST_11],
  ['Nest 12, of ES modules, with Vitest', '@nestjs/cli@12.0.8', NEST_12],
];

describe.each(GENERATORS)('an application that `nest new` made, with %s', (_, cli, versions) => {
  const app = new GeneratedApp(join('dist', 'main.js'));

  beforeAll(async () => {
    await app.generate(cli, 'new', 'shop', '--package-manager', 'npm', '--skip-git', '--skip-install');
    app.pin(versions);
    await app.install(app.tarball);
    await app.npx('nest', 'add', 'tasktag', '--skip-install');
    await app.install();
    app.takeSqlite();
  }, 3 * INSTALL_MS);
  afterAll(() => app.remove());

  it(
    'passes its own tests, with a tracked controller in one of them',
    async () => {
      expect(await app.npm('test')).toMatch(/orders\.controller\.spec\.ts/);
    },
    INSTALL_MS,
  );

  it(
    'builds, starts, and refuses the first duplicate',
    async () => {
      await app.npm('run', 'build');
      expect(await orderTwice(await app.start())).toEqual([201, 409]);
    },
    INSTALL_MS,
  );

  it(
    'is not changed by a second `nest add`',
    async () => {
      const again = await app.npx('nest', 'add', 'tasktag', '--skip-install').catch(String);
      expect(again).toMatch(/Tasktag is set up already, in src\/tasks\.setup\.ts; nothing was changed/);
    },
    INSTALL_MS,
  );
});
