import { randomUUID } from 'node:crypto';

/** What the handlers of all candidates take: 600 bytes of JSON; see `requests.ts`. */
export interface NewOrder {
  order: { customer: string; items: { sku: string; count: number }[] };
}

/** What they answer, about 200 bytes. */
export type TakenOrder = ReturnType<typeof takeOrder>;

/** It is the same work for each of them. Each records the order's id as what its task has made. */
export function takeOrder({ order }: NewOrder) {
  return {
    order: {
      id: randomUUID(),
      customer: order.customer,
      items: order.items.length,
      state: 'accepted',
      note: 'The order was accepted and is under way.',
    },
  };
}
