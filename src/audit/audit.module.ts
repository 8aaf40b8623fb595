import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import type { Settings } from '../config/settings.js';
import { Audit, AUDIT_SINK } from './audit.js';
import { AuditLog } from './audit-log.js';

/** Audit events, as the setting `AUDIT` says. */
@Module({})
export class AuditModule {
  static async forRoot({ AUDIT }: Settings): Promise<DynamicModule> {
    return { module: AuditModule, providers: [Audit, await sinkOf(AUDIT)] };
  }
}

async function sinkOf(audit: Settings['AUDIT']): Promise<Provider> {
  if (audit === 'off') return { provide: AUDIT_SINK, useValue: null };
  if (audit === 'log') return { provide: AUDIT_SINK, useClass: AuditLog };
  // Imported here because only it needs amqplib.
  const { AuditBus } = await import('./audit-bus.js');
  return { provide: AUDIT_SINK, useClass: AuditBus };
}
