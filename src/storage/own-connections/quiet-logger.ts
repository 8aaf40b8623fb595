import type { Logger } from 'typeorm';

/** Passes everything on to another logger. If that throws, no statement is given up, and no answer is lost. */
export function quietLogger(logger: Logger): Logger {
  const tell = (work: () => unknown) => {
    try {
      work();
    } catch {
      // It is the application's own logger; there is no other place to report to.
    }
  };
  return {
    logQuery: (...told) => tell(() => logger.logQuery(...told)),
    logQueryError: (...told) => tell(() => logger.logQueryError(...told)),
    logQuerySlow: (...told) => tell(() => logger.logQuerySlow(...told)),
    logSchemaBuild: (...told) => tell(() => logger.logSchemaBuild(...told)),
    logMigration: (...told) => tell(() => logger.logMigration(...told)),
    log: (...told) => tell(() => logger.log(...told)),
  };
}
