// Writes down the library's public API, from its type declarations, so that a review sees what changes.
//
//   npm run api                 writes library/api/
//   npm run api -- --check      fails when it is out of date, or shows a type that hosts cannot name
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import './build-if-needed.js';

const root = join(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What the main entry point exports: hosts can name it, so the others need not export it again. */
const inMain = new Set(readFileSync(join(root, exports['.'].types), 'utf8').match(/\w+/g));

const folder = join(root, 'library', 'api');
mkdirSync(folder, { recursive: true });
const scratch = mkdtempSync(join(tmpdir(), 'tasktag-api-'));
let isRight = true;
for (const [entry, { types }] of Object.entries(exports)) {
  if (types !== undefined) isRight = report(entry, types) && isRight;
}
rmSync(scratch, { recursive: true });
process.exit(isRight ? 0 : 1);

/** Writes or checks the report of one entry point. */
function report(entry, types) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, types),
      compiler: { tsconfigFilePath: join(root, 'tsconfig.build.json') },
      apiReport: {
        enabled: true,
        reportFolder: folder,
        reportTempFolder: scratch,
        reportFileName: entry === '.' ? 'tasktag' : `tasktag-${entry.slice(2)}`,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: {
          default: { logLevel: 'error' },
          'ae-missing-release-tag': { logLevel: 'none' },
          'ae-undocumented': { logLevel: 'none' },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    packageJsonFullPath: join(root, 'package.json'),
  });
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    localBuild: !isCheck,
    messageCallback(message) {
      const [, symbol] = /^The symbol "(\w+)" needs to be exported/.exec(message.text) ?? [];
      if (message.category === 'console') message.handled = true;
      if (message.messageId === 'ae-forgotten-export' && inMain.has(symbol)) message.logLevel = 'none';
    },
  });
  if (isCheck && apiReportChanged) console.error(`The public API of ${entry} has changed: run npm run api`);
  return errorCount === 0 && !(isCheck && apiReportChanged);
}
