import type { INestApplication } from '@nestjs/common';

/** On SIGTERM, ends with 0 when all that is under way has been answered. */
export function stopOnSignal(app: INestApplication): void {
  process.once('SIGTERM', () => {
    console.log('stopping');
    void app.close().then(() => process.exit(0));
  });
}
