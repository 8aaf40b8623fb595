// CommonJS inside Jest: the framework's ES modules are transformed too, so that no Node flag is needed.
const shared = {
  testEnvironment: 'node',
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', swcOptions()],
    '/node_modules/@nestjs/.+\\.js$': ['@swc/jest', swcOptions()],
  },
  transformIgnorePatterns: ['/node_modules/(?!@nestjs/)'],
  // Packages of their own, one of them with the name of this one.
  modulePathIgnorePatterns: ['<rootDir>/library/'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1', '$1.js'] },
};

/** The same end-to-end suite for each database. Where a spec lies says what it runs on. */
function endToEnd(database, folders) {
  return {
    ...shared,
    displayName: database,
    testMatch: [`<rootDir>/test/{${folders}}/**/*.e2e-spec.ts`],
    globals: { testDatabase: database },
  };
}

export default {
  testTimeout: 60_000,
  maxWorkers: '100%',
  // What a worker has loaded stays in its memory, so it is replaced now and then. Each new one loads everything anew,
  // which takes it as long as a small file.
  workerIdleMemoryLimit: '1GB',
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{src,bench,test/history}/**/*.spec.ts'] },
    endToEnd('sqlite', 'server,library,recorder'),
    endToEnd('mariadb', 'server,library,recorder'),
    // The library's hosts may have it; the server does not.
    endToEnd('postgres', 'library,recorder'),
    // The library as hosts get it.
    { ...shared, displayName: 'package', testMatch: ['<rootDir>/test/package/*.package-spec.ts'] },
    // A monorepo that has installed it; one file for each version of Nest, so that they install side by side.
    { ...shared, displayName: 'monorepo', testMatch: ['<rootDir>/test/monorepo/*.monorepo-spec.ts'] },
    {
      ...shared,
      displayName: 'cli',
      testMatch: ['<rootDir>/test/cli/*.cli-spec.ts'],
      globals: { testDatabase: 'sqlite' },
    },
    // A cluster of three nodes, which are killed, frozen and isolated.
    {
      ...shared,
      displayName: 'galera',
      testMatch: ['<rootDir>/test/galera/*.galera-spec.ts'],
      globals: { testDatabase: 'mariadb' },
    },
    // What stands between clients and this server.
    {
      ...shared,
      displayName: 'proxies',
      testMatch: ['<rootDir>/test/proxies/*.proxies-spec.ts'],
      globals: { testDatabase: 'sqlite' },
    },
    // Random faults, and a checker that reads all that happened.
    {
      ...shared,
      displayName: 'history',
      testMatch: ['<rootDir>/test/history/*.history-spec.ts'],
      globals: { testDatabase: 'mariadb' },
    },
    // The gateway in front of a real Nova.
    {
      ...shared,
      displayName: 'openstack',
      testMatch: ['<rootDir>/test/gateway/**/*.gateway-spec.ts'],
      globals: { testDatabase: 'mariadb' },
    },
    // That in which releases of OpenStack differ most, for an older one.
    {
      ...shared,
      displayName: 'zed',
      testMatch: ['<rootDir>/test/gateway/every-release/*.gateway-spec.ts'],
      globals: { testDatabase: 'mariadb' },
    },
    // Heat with the plugin of integrations/heat/, in front of a gateway.
    {
      ...shared,
      displayName: 'heat',
      testMatch: ['<rootDir>/test/heat/*.heat-spec.ts'],
      globals: { testDatabase: 'mariadb' },
    },
    {
      ...shared,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/browser/*.browser-spec.ts'],
      globals: { testDatabase: 'sqlite' },
    },
  ],
};

function swcOptions() {
  return {
    jsc: {
      target: 'es2023',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      keepClassNames: true,
    },
  };
}
