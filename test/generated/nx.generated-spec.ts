import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GeneratedApp } from './support/generated-app.js';
import { orderTwice } from './support/order-twice.js';
import { INSTALL_MS } from '../monorepo/support/shops.js';

const NX = '23.2.1';

/** An empty workspace: `create-nx-workspace` makes one, too, with more in it than these tests use. */
const WORKSPACE = {
  name: 'shop',
  version: '0.0.0',
  private: true,
  devDependencies: { nx: NX, '@nx/nest': NX, '@nx/jest': NX, '@nx/webpack': NX, typescript: '~6.0.3' },
};

describe(`an application that Nx ${NX} made, of CommonJS, with Jest`, () => {
  const app = new GeneratedApp(join('dist', 'apps', 'api', 'main.js'));
  const flags = ['--linter=none', '--unitTestRunner=jest', '--e2eTestRunner=none', '--no-interactive'];

  beforeAll(async () => {
    mkdirSync(app.folder);
    writeFileSync(join(app.folder, 'package.json'), JSON.stringify(WORKSPACE));
    writeFileSync(join(app.folder, 'nx.json'), '{}');
    await app.install();
    await app.npx('nx', 'g', '@nx/nest:application', 'apps/api', ...flags);
    // As the guide says: TypeORM asks for it, and Nx has pinned an older one.
    await app.install('--save-dev', 'ts-node@10.9.2');
    await app.install(app.tarball);
    await app.npx('nx', 'g', 'tasktag:nest-add', '--sourceRoot=apps/api/src/app', '--skipInstall');
    await app.install();
    app.takeSqlite();
    // Node 20 reads no TypeScript, and Nx's own tests do not begin on it otherwise, with Tasktag or without.
    const config = join(app.folder, 'apps', 'api', 'jest.config');
    renameSync(`${config}.cts`, `${config}.cjs`);
  }, 4 * INSTALL_MS);
  afterAll(() => app.remove());

  it(
    'passes its own tests, with a tracked controller in one of them',
    async () => {
      expect(await app.npx('nx', 'test', 'api')).toMatch(/orders\.controller\.spec\.ts/);
    },
    INSTALL_MS,
  );

  it(
    'builds, starts, and refuses the first duplicate',
    async () => {
      await app.npx('nx', 'build', 'api');
      expect(await orderTwice(`${await app.start()}/api`)).toEqual([201, 409]);
    },
    INSTALL_MS,
  );
});
