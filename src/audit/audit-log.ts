import { Injectable, Logger } from '@nestjs/common';
import type { AuditSink } from './audit.js';
import { AUDIT_EVENT_TYPE, type CadfEvent } from './cadf-event.js';

/** Audit events in the log: a line each, with the context `Audit`. */
@Injectable()
export class AuditLog implements AuditSink {
  private readonly logger = new Logger('Audit');

  take(payload: CadfEvent): void {
    this.logger.log({ event_type: AUDIT_EVENT_TYPE, payload });
  }
}
