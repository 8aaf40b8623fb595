import { randomUUID } from 'node:crypto';

/** Who sends it, as oslo.messaging names the program. */
const PUBLISHER = 'tasktag';

/** A notification in the envelope of oslo.messaging 2.0, as its driver `messagingv2` sends it. */
export function osloMessage(eventType: string, payload: object, at = new Date()): Buffer {
  const message = {
    message_id: randomUUID(),
    publisher_id: PUBLISHER,
    event_type: eventType,
    priority: 'INFO',
    payload,
    timestamp: at.toISOString().replace('T', ' ').replace('Z', '000'),
    _unique_id: randomUUID().replaceAll('-', ''),
  };
  return Buffer.from(JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(message) }));
}
