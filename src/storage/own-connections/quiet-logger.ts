import type { Logger } from 'typeorm';

/** Tells another logger, which may not work: what it throws is no reason to give up a statement, or to lose its answer. */
export function quietLogger(logger: Logger): Logger {
  const tell = (work: () => unknown) => {
    try {
      work();
    } catch {
      // It is the application's own; there is nobody else to tell.
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
