import { availableParallelism } from 'node:os';

// npm was told to leave out what only tests need (.npmrc). What tests install, and what they start, must not hear of it.
delete process.env.npm_config_omit;
process.env.NODE_ENV = 'test';

// CommonJS inside Jest, so that no Node flag is needed. The framework's ES modules are transformed too, for files that
// want modules of their own; all others have them from Node itself.
const shared = {
  testEnvironment: '<rootDir>/scripts/jest/one-realm.environment.js',
  runtime: '<rootDir>/scripts/jest/shared-modules.runtime.js',
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

/** The specs whose promises hold without a database, transactions or other processes. */
const IN_MEMORY = [
  ...['abandon', 'answer-again', 'bodies', 'handler-outcomes', 'http', 'options', 'replay', 'requests'],
  ...['search', 'subjects', 'wait-look-ups', 'way'],
];

export default {
  testTimeout: 60_000,
  testSequencer: '<rootDir>/scripts/jest/long-files-early.js',
  globalSetup: '<rootDir>/scripts/jest/run-start.js',
  globalTeardown: '<rootDir>/scripts/jest/run-end.js',
  // Tests also wait: for other processes, for disks, for time-outs. Two a core are no faster, and take a tenth more CPU.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // What a worker has loaded stays in its memory, so it is replaced now and then.
  workerIdleMemoryLimit: '1GB',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{src,bench,test/client,test/history,test/testing}/**/*.spec.ts'],
    },
    endToEnd('sqlite', 'server,library,recorder'),
    endToEnd('mariadb', 'server,library,recorder'),
    // The library's hosts may have it; the server does not.
    endToEnd('postgres', 'library,recorder'),
    // `tasktag/testing` keeps tasks in memory: it has to pass what the databases pass, as far as it promises that.
    {
      ...shared,
      displayName: 'memory',
      testMatch: [`<rootDir>/test/library/(${IN_MEMORY.join('|')}).e2e-spec.ts`],
      globals: { testDatabase: 'memory' },
    },
    // The library as hosts get it.
    { ...shared, displayName: 'package', testMatch: ['<rootDir>/test/package/*.package-spec.ts'] },
    // A monorepo that has installed it; one file for each version of Nest, so that they install side by side.
    { ...shared, displayName: 'monorepo', testMatch: ['<rootDir>/test/monorepo/*.monorepo-spec.ts'] },
    // Applications that others make: by the generators of Nest and Nx, and with the clients of npm.
    {
      ...shared,
      displayName: 'generated',
      testMatch: ['<rootDir>/test/generated/*.generated-spec.ts'],
      globals: { testDatabase: 'sqlite' },
    },
    {
      ...shared,
      displayName: 'cli',
      testMatch: ['<rootDir>/test/cli/*.cli-spec.ts'],
      globals: { testDatabase: 'sqlite' },
    },
    // The command `tasktag`, which needs nothing but what is built.
    {
      ...shared,
      displayName: 'command',
      testMatch: ['<rootDir>/test/command/*.command-spec.ts'],
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
